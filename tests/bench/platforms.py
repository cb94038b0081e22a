"""Forum software by its own marks, and where a post of it keeps its text, author, date and address.

Data of the measuring scripts alone, written by looking at the pages of the bench and not at `profiles/`: two
descriptions of one page that agree are worth more than one.

    name: dict(page=CSS that only pages of this software match, post=CSS of a post,
               body, author, date, link = ways in order, the first that yields a value wins:
                   "CSS"          the text of the first element inside the post
                   "CSS @NAME"    its attribute; "@NAME" alone is the post's own
               drop=CSS of what is no part of the text, loose=CSS of what may or may not be counted as text)

Ways look only at what is not inside another post of the page. An element of a post that has no body is no post.
"""

# Titles of quotes and code boxes, link cards, attachments, polls: a reader may keep or drop them.
LOOSE = (".bbCodeBlock-title, .attribution, .bbCodeBlock--unfurl, .bbCodeBlock-sourceJump, .ipsQuote_citation, "
         ".quote_header, cite, .quote > .title, a.PostMention, .quotetitle, .codetitle, .bbcode_postedby, "
         ".bbCodeBlock-header, .quoteheader, .codeheader, .QuoteHeader, aside.onebox, .meta, figcaption, iframe")

# What a post quotes. Where it stands in another post of the page, a reader may give it once.
QUOTES = ("blockquote:not(.postcontent), aside.quote, .quotebox, .bbCodeBlock--quote, .bbCodeQuote, .bbcode_quote, .quote_container, "
          ".quotecontent, .ipsQuote, .UserQuote, [style*=inset], .bbc_standard_quote, .mycode_quote, .quote-content")

FORUMS = {
    "XenForo 2": dict(
        page="html#XF:not(:has(.MessageCard)), html[data-app=public]:not(:has(.MessageCard))",
        post="article.message",
        body=[".message-userContent .bbWrapper", ".message-content .bbWrapper"],
        author=["@data-author", ".message-name"],
        date=[".message-attribution-main time @datetime", ".message-attribution time @datetime",
              ".message-header time @datetime", ".message-header [itemprop=datePublished] @content",
              ".message-header a span"],
        link=[".message-attribution a[href*='post-'] @href", ".message-header a[href*='post-'] @href",
              ".message-attribution-opposite a[href*='threads/'] @href"],
        drop=".bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .js-selectToQuoteEnd, .message-signature, "
             ".message-lastEdit, .js-unfurl-figure"),
    "XenForo 2, cards": dict(
        page="html:has(.MessageCard)",
        post="article.js-post, .MessageCard.js-post",
        body=[".message-userContent .message-body .bbWrapper"],
        author=["@data-author", ".MessageCard__user-info__name"],
        date=[".MessageCard__date-created time @datetime", "[itemprop=datePublished] @content"],
        link=["[itemprop=url][content] @content", ".MessageCard__post-position @href"],
        drop=".bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .js-selectToQuoteEnd"),
    "XenForo 1": dict(
        page="html#XenForo",
        post="li.message",
        body=["blockquote.messageText"],
        author=["@data-author"],
        date=[".datePermalink abbr.DateTime @data-time", ".datePermalink .DateTime @title", ".DateTime @title"],
        link=["a.datePermalink @href", "a.postNumber @href", "a.hashPermalink @href"],
        drop=".quoteExpand, .messageTextEndMarker, .editDate"),
    "Invision 4": dict(
        page="article[id^=elComment_]:not(.ipsEntry)",
        post="article[id^=elComment_]",
        body=["[data-role=commentContent]", ".cPost_contentWrap > [class*=ipsType_richText]"],
        author=["aside .cAuthorPane_author", ".cAuthorPane_author"],
        date=[".ipsComment_meta time @datetime", ".ipsComment_header time @datetime", "time[datetime] @datetime"],
        link=["a[href*='findComment-'] @href", "a[href*='comment='] @href"],
        drop=".ipsType_editedInfo, [data-excludequote], [data-role=memberSignature], .ipsItemControls"),
    "Invision 5": dict(
        page="article[id^=elComment_].ipsEntry",
        post="article[id^=elComment_]",
        body=["[data-role=commentContent]"],
        author=[".ipsEntry__author-column .ipsEntry__username", ".ipsEntry__username"],
        date=[".ipsEntry__date time @datetime", ".ipsEntry__header time @datetime"],
        link=["a[href*='findComment-'] @href", "a[href*='comment='] @href"],
        drop=".ipsEdited, .ipsType_editedInfo, [data-excludequote], [data-role=memberSignature]"),
    "phpBB": dict(
        page="div.post .postbody .content",
        post="div.post",
        body=[".postbody .content"],
        author=[".postprofile .username", ".postprofile .username-coloured", ".author .username",
                ".author .username-coloured", ".postprofile dt a"],
        date=[".author time @datetime", ".author"],
        link=[".author a[href*='#p'] @href", ".author a.unread @href", "h3 a @href"],
        drop=".signature, .notice, .back2top, .codebox > p, .attachbox"),
    "vBulletin": dict(
        page="[id^=post_message_]",
        post="table[id^=post]:has([id^=post_message_]), li.postcontainer, div[id^=post]:has(> .tpost [id^=post_message_])",
        body=["[id^=post_message_]"],
        author=[".bigusername", ".username_container .username", "[id^=postmenu_]"],
        date=[".postdate", ".thead"],
        link=["a.postcounter @href", "a[id^=postcount] @href"],
        drop=".signature, .editedby"),
    "Discourse": dict(
        page="meta[name=generator][content^=Discourse]",
        post=".crawler-post:has([itemprop=text], [itemprop=articleBody])",
        body=[".post[itemprop=text], .post[itemprop=articleBody]"],
        author=["[itemprop=author] [itemprop=name]"],
        date=["time.post-time @datetime", "[itemprop=datePublished] @datetime"],
        link=["[itemprop=mainEntityOfPage] @href", ".crawler-post-infos a @href"],
        drop=".quote-controls"),
    "StackExchange": dict(
        page="#question-header",
        post="#question, .answer",
        body=[".js-post-body"],
        author=["[itemprop=author] [itemprop=name] @content", "[itemprop=author] a",
                ".post-signature:last-child .user-details a", ".post-signature:last-child .user-details"],
        date=["time[itemprop=dateCreated] @datetime", ".post-signature:last-child .relativetime @title"],
        link=[".js-share-link @href"],
        drop=".-flair, .js-post-notice"),
    "NodeBB": dict(
        page="[component=topic]",
        post="[component=post]",
        body=["[component='post/content']"],
        author=["@data-username"],
        date=["meta[itemprop=datePublished] @content", ".post-header .timeago @title", ".timeago @title"],
        link=["a[href*='/post/'] @href"],
        drop="[component='post/parent'], .toggle"),
    "FluxBB": dict(
        page="#punviewtopic, .punwrap",
        post=".blockpost",
        body=[".postright .postmsg"],
        author=[".postleft dt strong"],
        date=["h2 a"],
        link=["h2 a @href"],
        drop=".postsignature, .postedit"),
    "Vanilla": dict(
        page=".ItemDiscussion",
        post=".ItemDiscussion, .ItemComment",
        body=[".Message"],
        author=[".Author .Username"],
        date=[".DateCreated time @datetime"],
        link=[".DateCreated a @href"],
        drop=".Signature, .Reactions"),
    "SMF": dict(
        page=".post_wrapper .keyinfo",
        post=".post_wrapper",
        body=[".post .inner"],
        author=[".poster h4 a"],
        date=[".keyinfo .postinfo a.smalltext", ".keyinfo .smalltext"],
        link=[".subject_title a @href"],
        drop=".signature, .modified"),
    "MyBB": dict(
        page=".post_body[id^=pid_]",
        post=".post:has(.post_body)",
        body=[".post_body"],
        author=[".author_information .largetext"],
        date=[".post_date"],
        link=[".post_head a[href*='pid'] @href"],
        drop=".post_edit, .signature"),
    "Flarum": dict(
        page="#flarum-content",
        post="#flarum-content article",
        body=[".Post-body"],
        author=[".PostUser-name"],
        date=["time @datetime"],
        link=[],
        drop=""),
    "Reddit, old": dict(
        page="body:has(> .content .thing[data-fullname])",
        post=".sitetable.linklisting .thing.link, .commentarea .thing.comment",
        body=[".usertext-body", "p.title a.title"],
        author=["@data-author", ".author"],
        date=[".tagline time @datetime"],
        link=["@data-permalink", "a.bylink @href"],
        drop=""),
    "Reddit": dict(
        page="shreddit-post",
        post="shreddit-post, shreddit-comment",
        body=["shreddit-post-text-body .md", "[slot=comment]", "h1[slot=title]"],
        author=["@author"],
        date=["@created-timestamp", "time @datetime"],
        link=["@permalink"],
        drop=""),
    "Crowdstack": dict(
        page="article.post-box .post-box-inner-body",
        post="article.post-box",
        body=[".post-body"],
        author=[".post-box-byline a[href*='/member/']:not(:has(span))", ".post-box-byline"],
        date=[".post-box-meta time @datetime"],
        link=[".post-box-meta a @href"],
        drop=".block-user-display-name"),
    "Lemmy": dict(
        page=".post-listing article.post-container",
        post=".post-listing, article.comment-node",
        body=["#postContent", ".comment-content .md-div", ".comment-content"],
        author=[".person-listing"],
        date=[".moment-time @data-tippy-content"],
        link=["a[title=link] @href"],
        drop=".comment-bottom-btns"),
    "Lobsters": dict(
        page="ol.comments .comment[id^=c_]",
        post=".comment[id^=c_]",
        body=[".comment_text"],
        author=[".byline a[href^='/~']:not(:has(img))"],
        date=[".byline time @datetime"],
        link=[".byline a[href^='/c/'] @href"],
        drop=""),
    "Hacker News": dict(page="#hnmain", post=".comtr", body=[".commtext"], author=[".hnuser"], date=[".age @title"],
                        link=[".age a @href"], drop=".reply"),
}

# Pages that one site's own program makes: counted apart, since no platform describes them.
SITES = {
    "DiscussionBoard": dict(
        page=".DiscussionBoard-message", post=".ThreadView, .DiscussionBoard-content",
        body=[".DiscussionBoard-message", ".ThreadView-content", ".VBEditorContent"],
        author=[".DiscussionBoard-username", ".ThreadView-author"], date=["time @datetime"], link=[],
        drop=".DiscussionBoard-signature, .ThreadView-header"),
    "JForum": dict(
        page=".postItem .postText", post=".postItem", body=[".postText"], author=[".name"],
        date=[".postdate span @title"], link=[], drop=""),
    "GameFAQs": dict(
        page="td.msg .msg_text", post="td.msg", body=[".msg_text"], author=["a.name"], date=[".post_time @title"],
        link=[], drop=".signature"),
    "Slashdot": dict(
        page="#commentlisting li.comment", post="article.fhitem-story, li.comment", body=[".body .p", ".commentBody"],
        author=[".details .by > a", ".story-byline a"], date=[".otherdetails", "time @datetime"],
        link=[".commentTop .title a @href"], drop=""),
    "Nairaland": dict(
        page="tbody[itemprop=comment]", post="tbody[itemprop=comment], div[itemtype$=DiscussionForumPosting]",
        body=["div[itemprop=text]", ".narrow"], author=["[itemprop=author] [itemprop=name] @content"],
        date=["[itemprop=datePublished] @content"], link=["[itemprop=url] @content"], drop=""),
    "Student Room": dict(
        page=".thread-post [itemprop=text]", post=".thread-post", body=["[itemprop=text]"],
        author=["[itemprop=author] [itemprop=name]"], date=["[itemprop=datePublished] @content"], link=[], drop=""),
    "Rick Steves": dict(
        page="article.topic, article.reply", post="article.topic, article.reply",
        body=["[itemprop=articleBody]", "[itemprop=text]"], author=[".author"], date=["time[datetime] @datetime"],
        link=["time a @href"], drop=""),
    "Tripadvisor": dict(
        page=".post .postBody", post="div.post", body=[".postBody"], author=[".username"], date=[".postDate"], link=[],
        drop=""),
    "Taunton": dict(
        page=".question__body", post="main, li.comments__list-item", body=[".question__body", ".comments__list-item__text"],
        author=["a.author", ".question__info a"], date=["time @datetime", ".comments__date", ".question__info"],
        link=[".comments__number @href"], drop=""),
    "forum-post": dict(
        page=".forum-post .forum-post-content", post=".forum-post", body=[".forum-post-content"],
        author=[".forum-post-author"], date=["time @datetime"], link=[], drop=""),
    "WSO": dict(
        page="article.js-comment .comment-content", post="article.node-forum, article.js-comment",
        body=[".field-name-body", ".comment-content"], author=[".author-details__username"],
        date=[".post-when span @title"], link=[], drop=""),
    "Mumsnet": dict(
        page=".post-body.prose", post="#original-post, [data-reply-id]", body=[".post-body"], author=[], date=[], link=[],
        drop=""),
    "Quora": dict(
        page=".puppeteer_test_answer_content", post=".puppeteer_test_answer_content",
        body=[".puppeteer_test_answer_content"], author=[], date=[], link=[], drop=""),
}
