//! The artefacts of a release, as `infra/release/build.sh` makes them of the binaries of this machine.

use crate::deployed::binaries::{ARCHITECTURE, binary, binary_path, copy_stripped, functions};
use crate::deployed::report;
use crate::template::document::{Template, infra};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The bucket of S3 that the artefacts are copied to.
pub const BUCKET: &str = "latchkey-artefacts";

pub struct Release {
    /// The main template, in which the code is in S3.
    pub template: Template,
    /// What has to be in the bucket, by its key.
    pub files: BTreeMap<String, PathBuf>,
}

/// Runs the release's script. `python` is a folder with a Python that has SAM's translator.
pub fn build(folder: &Path, python: &Path) -> Release {
    let (output, binaries) = (folder.join("artefacts"), folder.join("binaries"));
    std::fs::create_dir_all(&binaries).unwrap();
    let mut script = Command::new(infra().join("release/build.sh"));
    script.args(["--architecture", ARCHITECTURE, "--profile", "dev", "--output"]).arg(&output);
    for function in functions(&Template::stack()) {
        let name = binary(&function);
        copy_stripped(&binary_path(name), &binaries.join(name));
        script.arg("--binary").arg(format!("{name}={}", binaries.join(name).display()));
    }
    let path = std::env::var("PATH").unwrap();
    script.env("PATH", format!("{}:{path}", python.display()));
    let ran = script.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}\n{err}");
    let template = Template::read(&output.join("template.yaml"));
    let prefix = template.0["Parameters"]["ArtifactPrefix"]["Default"].as_str().unwrap();
    let named = std::fs::read_dir(output).unwrap().map(|entry| entry.unwrap());
    let files: BTreeMap<_, _> = named
        .map(|entry| (format!("{prefix}{}", entry.file_name().to_string_lossy()), entry.path()))
        .collect();
    report(&format!("{} release artefacts made of these binaries", files.len()));
    Release { template, files }
}
