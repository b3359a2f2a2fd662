//! Contracts as files of TypeScript. They run with the feature `typescript`, which the tests of the workspace have on.

mod every_hub;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use hubcast::contract::SchemaHash;
use hubcast::contract::typescript::Schema as _;
use hubcast::{HubService, Server, typescript};

use crate::support::Http1;
use every_hub::EveryHubSchema;

#[hubcast::hub(typescript)]
trait Small {
    async fn ping(&self, text: String) -> bool;
}

struct Pong;

impl Small for Pong {
    async fn ping(&self, text: String) -> bool {
        text.is_empty()
    }
}

const SMALL: &str = r#"/*
 * The contract of the hub `Small`, written by hubcast from its Rust traits: change those, not this file.
 */

export interface Small {
  Ping(text: string): Promise<boolean>;
}

/** For `build(small)` of a connection's builder. The schema stands for all names and types above. */
export const small: { readonly schema: string; readonly hub?: Small; readonly client?: { [method: string]: (...args: any[]) => any } } = {
  schema: "HASH",
};
"#;

#[test]
fn a_hub_with_one_of_everything_gives_the_golden_file() {
    typescript::assert_fresh::<EveryHubSchema>("../client-js/src/testing/every-hub.ts");
}

#[test]
fn a_file_is_written_once() {
    let path = scratch("written-once.ts");
    assert!(typescript::write::<SmallSchema>(&path).unwrap());
    let text = SMALL.replace("HASH", &hash().to_string());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(typescript::text::<SmallSchema>().unwrap(), text);
    assert!(!typescript::write::<SmallSchema>(&path).unwrap());
    fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    assert!(!typescript::write::<SmallSchema>(&path).unwrap());
    fs::write(&path, text.replace("Ping", "Pong")).unwrap();
    assert!(typescript::write::<SmallSchema>(&path).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_file_that_is_not_fresh_says_where() {
    let path = scratch("stale.ts");
    let complaint = || typescript::check::<SmallSchema>(&path).unwrap_err().to_string();
    assert_eq!(complaint(), format!("{} is not there", path.display()));
    typescript::write::<SmallSchema>(&path).unwrap();
    typescript::check::<SmallSchema>(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let stale = format!("{} is not what the traits say; the first difference is", path.display());
    fs::write(&path, text.replace("text: string", "text: number")).unwrap();
    let wanted = "    Ping(text: string): Promise<boolean>;";
    assert_eq!(complaint(), format!("{stale} line 6, where they say\n\n  {wanted}\n"));
    fs::write(&path, format!("{text}x\n")).unwrap();
    assert_eq!(complaint(), format!("{stale} line 13, where they say\n\n    nothing more\n"));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let path = scratch("no-folder").join("file.ts");
    let error = typescript::write::<SmallSchema>(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{} cannot be read or written: ", path.display())), "{error}");
}

/// The variable is that of a program, so this test is one: it runs itself again, with the variable.
#[test]
fn the_variable_writes_the_file() {
    const FILE: &str = "HUBCAST_TEST_FILE";
    if let Some(path) = env::var_os(FILE) {
        typescript::assert_fresh::<SmallSchema>(path);
        return;
    }
    let path = scratch("by-variable.ts");
    let run = |value: &str| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "typescript::the_variable_writes_the_file"]);
        let output = command.env(FILE, &path).env("HUBCAST_TYPESCRIPT", value).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (is_fresh, said) = run("check");
    let advice = "is not there\nWrite it and see what changed:\n\n    HUBCAST_TYPESCRIPT=write cargo test -p hubcast\n";
    assert!(!is_fresh && said.contains(advice), "{said}");
    assert!(run("write").0);
    assert_eq!(fs::read_to_string(&path).unwrap(), typescript::text::<SmallSchema>().unwrap());
    assert!(run("check").0);
}

#[tokio::test]
async fn a_served_hub_tells_the_schema_of_its_file() {
    let hub = Pong.into_hub();
    assert_eq!(hub.schema_hash(), Some(hash()));
    let server =
        Server::new().hub("/hub", HubService::new(hub)).listen(([127, 0, 0, 1], 0)).start().await.unwrap();
    let mut connection = Http1::connect(server.addresses()[0].socket).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1&hubSchema=0", &[]).await.json();
    assert_eq!(answer["hubSchema"], hash().to_string());
    server.stop().await;
}

fn hash() -> SchemaHash {
    SmallSchema::describe().hash()
}

/// A path in the folder for tests, with nothing there.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}
