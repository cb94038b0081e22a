//! The one thread that writes the spool. Takes orders, tells what became of them.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::SystemTime;

use super::error::{Pause, SpoolError};
use super::layout::Layout;
use super::ledger::claims::{Claim, Verdict};
use super::protocol::{Recovered, Stop};
use super::query::{Answer, Question};
use super::turn::{self, Finished, Open, Rules, Settled};

/// Orders that wait for the thread; the loop gives at most one turn at a time, the rest are
/// questions.
const ORDERS: usize = 64;

/// What the thread is told to do.
pub enum Order {
    /// Open the spool, or open it again after a pause.
    Open(Stop),
    /// Publish what is finished, then write down what is claimed.
    Turn {
        /// At most 64.
        finished: Vec<Finished>,
        /// At most 64.
        claims: Vec<Claim>,
    },
    /// Look something up, or change a job that is at rest.
    Ask(Question, Box<dyn FnOnce(Answer) + Send>),
    /// Forget a little of what is long done with.
    Tidy,
    /// Keep the spool by other rules from now on.
    Rules(Box<Rules>),
    /// Set what is in flight aside for the next start, and end.
    Close,
}

/// What the thread tells.
pub enum Told {
    /// The spool is open.
    Opened {
        /// What recovery found.
        recovered: Recovered,
        /// Keys of captures that have their result.
        settled: Vec<u128>,
    },
    /// A turn is done.
    Turned {
        /// What became of the finished.
        settled: Vec<Settled>,
        /// What to do with the claimed.
        verdicts: Vec<(Claim, Verdict)>,
    },
    /// Nothing can be written; order `Open` again later.
    Paused(Pause, SpoolError),
    /// The service cannot go on.
    Fatal(SpoolError),
    /// It has ended, and all is written.
    Closed,
}

/// The thread, and the way to it.
#[derive(Debug)]
pub struct Writer {
    orders: SyncSender<Order>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Starts the thread. `tell` is called on it and must not block for long.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        layout: Layout,
        rules: Rules,
        tell: impl Fn(Told) + Send + 'static,
    ) -> Result<Self, SpoolError> {
        let (orders, received) = sync_channel(ORDERS);
        let thread = std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || Thread { layout, rules, open: None, tidied: 0, tell }.run(&received))
            .map_err(SpoolError::std("start a thread for", "spool"))?;
        Ok(Self { orders, thread })
    }

    /// Gives an order; it comes back where too many wait.
    ///
    /// # Errors
    /// The order itself.
    pub fn order(&self, order: Order) -> Result<(), Order> {
        self.orders.try_send(order).map_err(|refused| match refused {
            std::sync::mpsc::TrySendError::Full(order)
            | std::sync::mpsc::TrySendError::Disconnected(order) => order,
        })
    }

    /// Waits for its end.
    pub fn join(self) {
        drop(self.orders);
        if self.thread.join().is_err() {
            tracing::error!("The writer of the spool panicked.");
        }
    }
}

struct Thread<T> {
    layout: Layout,
    rules: Rules,
    open: Option<Open>,
    /// Where tidying goes on.
    tidied: i64,
    tell: T,
}

impl<T: Fn(Told)> Thread<T> {
    fn run(mut self, orders: &Receiver<Order>) {
        for order in orders {
            let now = now_ms();
            if let Some(open) = &mut self.open {
                open.ledger.set_now(now);
            }
            let told = match order {
                Order::Open(stop) => self.open(stop, now),
                Order::Turn { finished, claims } => self.turn(finished, claims),
                Order::Ask(question, reply) => {
                    reply(super::query::answer(self.open.as_mut(), self.layout.root(), &question));
                    continue;
                }
                Order::Tidy => match self.tidy() {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
                Order::Rules(rules) => {
                    self.rules = *rules;
                    continue;
                }
                Order::Close => {
                    self.close();
                    (self.tell)(Told::Closed);
                    return;
                }
            };
            let told = told.unwrap_or_else(|error| self.failed(error));
            (self.tell)(told);
        }
    }

    fn open(&mut self, stop: Stop, now: i64) -> Result<Told, SpoolError> {
        self.open = None;
        let (open, recovered) = Open::recover(&self.layout, &self.rules, stop, now)?;
        let mut settled = Vec::new();
        open.ledger.each_settled(|key| settled.push(key))?;
        self.open = Some(open);
        Ok(Told::Opened { recovered, settled })
    }

    fn turn(&mut self, finished: Vec<Finished>, claims: Vec<Claim>) -> Result<Told, SpoolError> {
        let Some(open) = &mut self.open else {
            // The loop orders no turns in a pause.
            return Ok(Told::Turned { settled: Vec::new(), verdicts: Vec::new() });
        };
        let (settled, verdicts) = open.turn(&self.layout, &self.rules, finished, claims)?;
        Ok(Told::Turned { settled, verdicts })
    }

    fn tidy(&mut self) -> Result<(), SpoolError> {
        if let Some(open) = &mut self.open {
            self.tidied = open.tidy(&self.rules, self.tidied)?;
        }
        Ok(())
    }

    /// Leaves nothing half done behind an error: the spool is opened anew after it.
    fn failed(&mut self, error: SpoolError) -> Told {
        let was_open = self.open.take();
        if let Some(mut open) = was_open {
            open.ledger.roll_back();
            drop(open);
            turn::excuse(&self.layout, &self.rules);
        }
        match error.pause() {
            Some(pause) => Told::Paused(pause, error),
            None => Told::Fatal(error),
        }
    }

    fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            open.ledger.roll_back();
            // Whatever could not be finished in time runs alone next time, without a charge.
            if let Err(error) = super::book::Book::suspect(&mut open.ledger, None) {
                tracing::warn!(%error, "Captures in flight could not be set aside.");
            }
        }
    }
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
