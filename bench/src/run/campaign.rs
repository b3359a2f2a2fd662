//! Carries out a plan: starts servers, puts the loads on them, keeps each sample as soon as it is there.
//!
//! Rule: whatever ends it, what was measured is kept, and no server is left behind, as they end when they are dropped.
//! Only SIGKILL leaves them running.

use std::path::Path;

use super::attempt::Attempt;
use super::contender::Contender;
use super::cores::Cores;
use super::error::RunError;
use super::interrupt::Interrupt;
use super::options::Selection;
use super::plan::{Plan, Step};
use super::ports::Ports;
use super::progress::Progress;
use super::server::Server;
use crate::report::{Entry, Outcome, SampleFile};

pub(crate) struct Campaign<'a> {
    contenders: &'a [Contender],
    /// In the order of the contenders.
    servers: Vec<Option<Server>>,
    ports: Ports,
    cores: &'a Cores,
    interrupt: &'a Interrupt,
}

impl<'a> Campaign<'a> {
    pub(crate) fn new(contenders: &'a [Contender], cores: &'a Cores, interrupt: &'a Interrupt) -> Self {
        let servers = contenders.iter().map(|_| None).collect();
        Self { contenders, servers, ports: Ports::new(), cores, interrupt }
    }

    /// Runs all steps, and says how many of them gave no result.
    pub(crate) fn run(
        mut self,
        plan: &Plan,
        program: &Path,
        selection: &Selection,
        file: &mut SampleFile,
    ) -> Result<usize, RunError> {
        let attempt = Attempt { program, cores: self.cores, interrupt: self.interrupt, selection };
        let seconds = |step: &Step| selection.seconds_of(&step.scenario) + selection.load_warm_up;
        let mut progress = Progress::start(plan.steps.iter().map(seconds).collect());
        let mut failures = 0;
        for step in &plan.steps {
            let server = self.server(step)?;
            let outcome = attempt.run(&step.scenario, &server)?;
            let name = &self.contenders[step.server].name;
            progress.step(step, name, &outcome);
            failures += usize::from(matches!(outcome, Outcome::Failed(_)));
            file.add(&Entry {
                row: step.scenario.name.to_owned(),
                server: name.clone(),
                round: step.round,
                connections: step.scenario.connections,
                outcome,
            })?;
            if !step.scenario.needs_fresh_process() {
                self.servers[step.server] = Some(server);
            }
        }
        Ok(failures)
    }

    /// The running server, or one that is started for this step. One that ended by itself is told and started anew.
    fn server(&mut self, step: &Step) -> Result<Server, RunError> {
        if step.scenario.needs_fresh_process() {
            self.servers.fill_with(|| None);
        }
        if let Some(server) = self.servers[step.server].take() {
            match server.still_running() {
                Ok(server) => return Ok(server),
                Err(why) => eprintln!("{why}; it is started again"),
            }
        }
        Server::start(&self.contenders[step.server], self.cores, &mut self.ports, self.interrupt)
    }
}
