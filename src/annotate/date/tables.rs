//! The tables of [`names`](super::names): which word means what, by language.
//!
//! Data and the walk over it, nothing else. Words are written as people write them; `names` folds them.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use crate::annotate::date::names::{Part, Unit, Word, Zone};

/// Months by language; groups are January to December, `|` between them. An empty group is a month whose
/// name has two words (Levantine) or stands in another row.
const MONTHS: &[&str] = &[
    // English.
    "january jan|february feb|march|april apr|may|june jun|july jul|august aug|september sept sep|\
     october oct|november nov|december dec",
    // Arabic: Gulf and Egypt; the Levant and Iraq; the Maghreb.
    "يناير|فبراير|مارس|أبريل إبريل|مايو|يونيو يونيه|يوليو يوليه|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    "|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|||",
    "جانفي|فيفري||أفريل|ماي|جوان|جويلية يوليوز|أوت غشت|شتنبر||نونبر|دجنبر",
    // French.
    "janvier janv|février févr fév|mars|avril avr|mai|juin|juillet juil|août|septembre|octobre|\
     novembre|décembre déc",
    // German, with the Austrian January.
    "januar jänner jän|februar feber|märz|april|mai|juni|juli|august|september|oktober okt|\
     november|dezember dez",
    // Spanish.
    "enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto|septiembre setiembre|octubre|\
     noviembre|diciembre dic",
    // Portuguese.
    "janeiro|fevereiro fev|março|abril|maio|junho|julho|agosto|setembro set|outubro out|novembro|\
     dezembro",
    // Italian.
    "gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre|\
     ottobre ott|novembre|dicembre",
    // Dutch.
    "januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december",
    // Russian: nominative, genitive, short.
    "январь января янв|февраль февраля фев февр|март марта мар|апрель апреля апр|май мая|\
     июнь июня июн|июль июля июл|август августа авг|сентябрь сентября сен сент|\
     октябрь октября окт|ноябрь ноября ноя нояб|декабрь декабря дек",
    // Ukrainian: nominative, genitive, short.
    "січень січня січ|лютий лютого лют|березень березня бер|квітень квітня кві квіт|\
     травень травня тра трав|червень червня чер черв|липень липня лип|серпень серпня сер серп|\
     вересень вересня вер|жовтень жовтня жов жовт|листопад листопада лис|грудень грудня гру груд",
    // Turkish.
    "ocak oca|şubat şub|mart|nisan nis|mayıs|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|\
     kasım kas|aralık ara",
    // Persian transliterations of the Gregorian months.
    "ژانویه|فوریه|مارس|آوریل|مه می|ژوئن|ژوئیه جولای|اوت آگوست|سپتامبر|اکتبر|نوامبر|دسامبر",
    // Polish: nominative, genitive, short.
    "styczeń stycznia sty|luty lutego lut|marzec marca|kwiecień kwietnia kwi|maj maja|\
     czerwiec czerwca cze|lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|\
     październik października paź|listopad listopada lis|grudzień grudnia gru",
    // Indonesian.
    "januari|februari pebruari|maret|april|mei|juni|juli|agustus agt|september|oktober|\
     november nopember|desember des",
    // Scandinavian, because `kl` comes with them.
    "januari januar|februari februar|mars marts|april|maj mai|juni|juli|augusti august|september|\
     oktober|november|december desember",
];

/// Months of the Iranian solar calendar, Farvardin to Esfand, in Persian and as English pages write them.
const SOLAR_MONTHS: &[&str] = &[
    "فروردین|اردیبهشت|خرداد|تیر|مرداد امرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند",
    "farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand",
];

/// Days of the week by language, Monday to Sunday. `mar` stands alone, see [`Word::Mar`]; Polish `pt` and
/// Indonesian `minggu` are left out, they mean Pacific Time and a week here.
const WEEKDAYS: &[&str] = &[
    "monday mon|tuesday tue tues|wednesday wed weds|thursday thu thur thurs|friday fri|saturday sat|\
     sunday sun",
    "الاثنين الإثنين اثنين|الثلاثاء ثلاثاء|الأربعاء أربعاء|الخميس خميس|الجمعة جمعة|السبت سبت|الأحد أحد",
    "دوشنبه|سه‌شنبه|چهارشنبه|پنجشنبه|جمعه|شنبه|یکشنبه",
    "lundi lun|mardi|mercredi mer|jeudi jeu|vendredi ven|samedi sam|dimanche dim",
    "montag mo|dienstag di|mittwoch mi|donnerstag do|freitag fr|samstag sonnabend sa|sonntag so",
    "lunes lun|martes|miércoles mié|jueves jue|viernes vie|sábado sáb|domingo dom",
    "segunda seg|terça ter|quarta qua|quinta qui|sexta sex|sábado sáb|domingo dom",
    "lunedì|martedì|mercoledì|giovedì gio|venerdì|sabato|domenica",
    "maandag ma|dinsdag|woensdag wo|donderdag|vrijdag vr|zaterdag za|zondag zo",
    "понедельник пн|вторник вт|среда ср|четверг чт|пятница пт|суббота сб|воскресенье вс",
    "понеділок|вівторок|середа|четвер|пятниця|субота|неділя нд",
    "pazartesi pzt|salı sal|çarşamba çar|perşembe per|cuma cum|cumartesi cmt|pazar",
    "poniedziałek pon|wtorek wt|środa śr|czwartek czw|piątek|sobota sob|niedziela niedz",
    "senin|selasa|rabu|kamis|jumat|sabtu|",
    "måndag mandag|tisdag tirsdag|onsdag|torsdag|fredag|lördag lørdag|söndag søndag",
    "星期一 周一 月曜日 월요일|星期二 周二 火曜日 화요일|星期三 周三 水曜日 수요일|星期四 周四 木曜日 목요일|\
     星期五 周五 金曜日 금요일|星期六 周六 土曜日 토요일|星期日 星期天 周日 日曜日 일요일",
];

/// Units by language: second, minute, hour, day, week, month, year. The first word of a group is the
/// singular that may stand without a number ("منذ ساعة", "час назад").
const UNITS: &[&str] = &[
    "second seconds sec secs s|minute minutes min mins m|hour hours hr hrs|day days d|\
     week weeks wk wks w|month months|year years yr yrs",
    "seconde secondes|minute|heure heures|jour jours j|semaine semaines sem|mois|année années ans",
    "sekunde sekunden|minute minuten|stunde stunden std|tag tage tagen|woche wochen|\
     monat monate monaten|jahr jahre jahren",
    "segundo segundos|minuto minutos|hora horas|día días|semana semanas|mes meses|año años",
    "segundo|minuto|hora|dia|semana|mês|ano anos",
    "secondo secondi|minuto minuti|ora ore|giorno giorni|settimana settimane|mese mesi|anno anni",
    "seconde seconden|minuut minuten||dag dagen|week weken|maand maanden|jaar",
    "секунду секунды секунд сек|минуту минуты минут мин|час часа часов|день дня дней|\
     неделю недели недель|месяц месяца месяцев|год года лет",
    "секунду секунди|хвилину хвилини хвилин хв|годину години годин|день дні днів|\
     тиждень тижні тижнів|місяць місяці місяців|рік роки років року",
    "saniye sn|dakika dk|saat|gün|hafta|ay|yıl sene",
    "ثانية ثوان ثواني|دقيقة دقائق|ساعة ساعات|يوم أيام يوما|أسبوع أسابيع|شهر أشهر شهور شهرا|\
     سنة سنوات عام أعوام عاما",
    "ثانیه|دقیقه|ساعت|روز|هفته|ماه|سال",
    "sekundę sekundy sekund|minutę minuty minut|godzinę godziny godzin|dzień dni dnia|\
     tydzień tygodnie tygodni|miesiąc miesiące miesięcy|rok lata lat roku",
    "detik|menit|jam|hari|minggu|bulan|tahun",
];

/// Arabic duals, in the order of [`UNITS`].
const PAIRS: &str = "ثانيتين|دقيقتين|ساعتين|يومين|أسبوعين|شهرين|سنتين عامين";

/// Words that stand alone in their meaning.
const OTHERS: &[(Word, &str)] = &[
    (Word::TwoWordMonth(10, 11), "تشرين"),
    (Word::TwoWordMonth(12, 1), "كانون"),
    (Word::Second(false), "الأول أول"),
    (Word::Second(true), "الثاني ثاني"),
    (Word::Mar, "mar"),
    (Word::Ago, "ago"),
    (Word::An, "an"),
    (Word::A, "a"),
    (Word::One, "one un une una uno uma ein eine einer einem een bir"),
    (Word::Afternoon(false), "am ص صباحا öö 上午 午前 오전"),
    (Word::Afternoon(true), "pm م مساء مساءا ظهرا ös 下午 午後 오후"),
    (Word::Oclock, "h uhr uur hs ч 時 时 点 시"),
    (Word::Past, "vor hace há y atrás назад тому önce منذ قبل پیش fa geleden temu lalu"),
    (
        Word::DaysBack(0),
        "today aujourdhui heute hoy hoje сегодня сьогодні bugün اليوم امروز oggi vandaag dzisiaj dziś",
    ),
    (
        Word::DaysBack(1),
        "yesterday hier gestern ayer ontem вчера вчора dün أمس البارحة دیروز ieri gisteren wczoraj kemarin",
    ),
    (Word::DaysBack(2), "vorgestern anteayer anteontem позавчера позавчора eergisteren"),
    (Word::Last, "last"),
    (Word::Just, "just"),
    (Word::Now, "now"),
    (Word::Moment, "moment moments"),
    (Word::Ordinal, "st nd rd th er re ère ème e º ª ° го е"),
    (Word::TimeCue, "um kl klo alle às om pukul في الساعة в о об godz"),
    (Word::Of, "of"),
    (Word::Stamp, "t"),
    (Word::Part(Part::Year), "年 년"),
    (Word::Part(Part::Month), "月 월"),
    (Word::Part(Part::Day), "日 号 號 일"),
    (
        Word::Joiner,
        "at on the le la las los de del du den der dem el al oclock feira il yang г р 分 분 و سه پنج چهار",
    ),
];

/// Zones by their abbreviation, minutes east of UTC.
///
/// `CST`, `IST` and `BST` have several owners: the reading is US Central, India and British Summer Time,
/// the commonest on news pages. `ET`, `CT`, `MT` and `PT` depend on the day of the year and stay without an
/// offset.
const ZONES: &[(Zone, &str)] = &[
    (Zone::Minutes(0), "z gmt utc ut wet"),
    (Zone::Minutes(60), "cet bst wat west"),
    (Zone::Minutes(120), "cest eet sast"),
    (Zone::Minutes(180), "eest msk мск trt eat"),
    (Zone::Minutes(330), "ist"),
    (Zone::Minutes(420), "wib"),
    (Zone::Minutes(540), "jst kst"),
    (Zone::Minutes(600), "aest"),
    (Zone::Minutes(660), "aedt"),
    (Zone::Minutes(-240), "edt"),
    (Zone::Minutes(-300), "est cdt"),
    (Zone::Minutes(-360), "cst mdt"),
    (Zone::Minutes(-420), "mst pdt"),
    (Zone::Minutes(-480), "pst"),
    (Zone::Unknown, "et ct mt pt"),
];

/// In the order of the groups of [`UNITS`].
const UNIT_ORDER: [Unit; 7] =
    [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Year];

/// Every word of the tables with its meaning, those of a single meaning first.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, Word)> {
    let others = OTHERS.iter().map(|(meaning, row)| (*row, *meaning));
    let zones = ZONES.iter().map(|(offset, row)| (*row, Word::Zone(*offset)));
    let singles = others
        .chain(zones)
        .flat_map(|(row, meaning)| row.split_ascii_whitespace().map(move |word| (word, meaning)));
    let months = groups(MONTHS, |index, _| Word::Month(index));
    let solar = groups(SOLAR_MONTHS, |index, _| Word::Solar(index));
    let weekdays = groups(WEEKDAYS, |index, _| Word::Weekday(index));
    let units =
        UNITS.iter().flat_map(|row| row.split('|').zip(UNIT_ORDER)).flat_map(|(group, unit)| {
            let words = group.split_ascii_whitespace().enumerate();
            words.map(move |(place, word)| (word, Word::Unit(unit, place == 0)))
        });
    let pairs = PAIRS.split('|').zip(UNIT_ORDER).flat_map(|(group, unit)| {
        group.split_ascii_whitespace().map(move |word| (word, Word::Pair(unit)))
    });
    singles.chain(months).chain(solar).chain(weekdays).chain(units).chain(pairs)
}

/// The words of tables of numbered groups, the first group being number 1.
fn groups(
    rows: &'static [&'static str],
    meaning: fn(i8, usize) -> Word,
) -> impl Iterator<Item = (&'static str, Word)> {
    rows.iter().flat_map(|row| row.split('|').zip(1_i8..)).flat_map(move |(group, index)| {
        let words = group.split_ascii_whitespace().enumerate();
        words.map(move |(place, word)| (word, meaning(index, place)))
    })
}

/// The grouped tables, each with the number of groups a row must have.
#[cfg(test)]
pub(super) fn shapes() -> [(&'static [&'static str], usize); 4] {
    [(MONTHS, 12), (SOLAR_MONTHS, 12), (WEEKDAYS, 7), (UNITS, 7)]
}

#[cfg(test)]
mod tests;
