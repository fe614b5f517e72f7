//! Finding `nix` and reading its version.

use std::fmt;
use std::path::{Path, PathBuf};

use super::command::Program;
use crate::environment;

/// The oldest version that is supported.
pub const MINIMUM_VERSION: Version = Version {
    major: 2,
    minor: 18,
};

/// A Nix to run.
#[derive(Clone, Debug)]
pub struct Nix {
    /// The program.
    pub program: PathBuf,
    /// The first line of what `nix --version` answered, such as `nix (Nix) 2.26.3`. Lix
    /// adds lines about its settings.
    pub banner: String,
    /// Its version; of Lix, its own.
    pub version: Version,
    /// Whose it is.
    pub flavour: Flavour,
}

/// The first two numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Whose Nix it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// The Nix of the NixOS project.
    Nix,
    /// Lix.
    Lix,
    /// Determinate Nix.
    Determinate,
}

/// Why there is no Nix to run.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// None on `PATH`.
    #[error("no `nix` on PATH")]
    Absent,
    /// The given one cannot be started.
    #[error("cannot start `{}`: {error}", program.display())]
    Start {
        /// What was tried.
        program: PathBuf,
        /// The system's answer.
        error: std::io::Error,
    },
    /// It does not answer as Nix does.
    #[error("`{} --version` answered {answer:?}, not the version of a Nix", program.display())]
    NotNix {
        /// What was tried.
        program: PathBuf,
        /// Its answer.
        answer: String,
    },
    /// It is too old.
    #[error("`{}` is Nix {version}; {MINIMUM_VERSION} or newer is needed", program.display())]
    TooOld {
        /// What was tried.
        program: PathBuf,
        /// Its version.
        version: Version,
    },
}

impl Nix {
    /// Finds the Nix to use: the given one, else `NIX_PARITY_NIX`, else the first on `PATH`.
    pub fn find(given: Option<&Path>) -> Result<Self, FindError> {
        let program = Self::locate(given)?;
        let answer = Program::new(&program)
            .arg("--version")
            .output()
            .map_err(|error| FindError::Start {
                program: program.clone(),
                error,
            })?;
        let banner = first_line(&String::from_utf8_lossy(&answer.stdout));
        match read_banner(&banner) {
            None => Err(FindError::NotNix {
                program,
                answer: banner,
            }),
            Some((_, version)) if version < MINIMUM_VERSION => {
                Err(FindError::TooOld { program, version })
            }
            Some((flavour, version)) => Ok(Self {
                program,
                banner,
                version,
                flavour,
            }),
        }
    }

    /// Whose Nix it is and its whole version, such as `Nix 2.26.3`, `Lix 2.95.3` or
    /// `Determinate Nix 3.22.2`.
    pub fn name(&self) -> String {
        name_of(self.flavour, &self.banner)
    }

    /// Where the Nix to use is, without starting it.
    pub fn locate(given: Option<&Path>) -> Result<PathBuf, FindError> {
        if let Some(program) = given.map(Path::to_path_buf).or_else(environment::nix) {
            return Ok(program);
        }
        environment::search_path()
            .into_iter()
            .map(|dir| dir.join("nix"))
            .find(|p| p.is_file())
            .ok_or(FindError::Absent)
    }
}

fn first_line(answer: &str) -> String {
    let line = answer.trim_start().lines().next();
    line.unwrap_or_default().trim_end().to_owned()
}

fn name_of(flavour: Flavour, banner: &str) -> String {
    let version = banner.rsplit(' ').next().unwrap_or_default();
    match flavour {
        Flavour::Nix => format!("Nix {version}"),
        Flavour::Lix => format!("Lix {version}"),
        // Its own version stands in parentheses, before that of the Nix that it is made of.
        Flavour::Determinate => match banner.split_once('(').and_then(|(_, b)| b.split_once(')')) {
            Some((own, _)) => own.to_owned(),
            None => format!("Determinate Nix {version}"),
        },
    }
}

/// `nix (Nix) 2.26.3`, `nix (Lix, like Nix) 2.91.1`, `nix (Determinate Nix 3.8.2) 2.30.1`.
fn read_banner(banner: &str) -> Option<(Flavour, Version)> {
    let first = banner;
    if !first.starts_with("nix ") {
        return None;
    }
    let flavour = if first.contains("Lix") {
        Flavour::Lix
    } else if first.contains("Determinate") {
        Flavour::Determinate
    } else {
        Flavour::Nix
    };
    let mut numbers = first.rsplit(' ').next()?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers
        .next()?
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()?;
    Some((flavour, Version { major, minor }))
}

#[cfg(test)]
mod tests {
    use super::{Flavour, first_line, name_of, read_banner};

    #[test]
    fn banners_of_all_flavours() {
        for (banner, expected) in [
            ("nix (Nix) 2.26.3", Some((Flavour::Nix, "2.26"))),
            (
                "nix (Nix) 2.31pre20250801_abc",
                Some((Flavour::Nix, "2.31")),
            ),
            ("nix (Lix, like Nix) 2.91.1", Some((Flavour::Lix, "2.91"))),
            (
                "nix (Determinate Nix 3.8.2) 2.30.1",
                Some((Flavour::Determinate, "2.30")),
            ),
            ("nix-env 1.0", None),
            ("", None),
            ("nix (Nix) unknown", None),
        ] {
            let got = read_banner(banner).map(|(f, v)| (f, v.to_string()));
            assert_eq!(got, expected.map(|(f, v)| (f, v.to_owned())), "{banner}");
        }
    }

    #[test]
    fn the_first_line_of_a_long_answer_tells_whose_it_is() {
        for (answer, banner, name) in [
            ("nix (Nix) 2.26.3\n", "nix (Nix) 2.26.3", "Nix 2.26.3"),
            (
                "nix (Lix, like Nix) 2.95.3\nSystem type: x86_64-linux\nFeatures: gc, 1.2\n",
                "nix (Lix, like Nix) 2.95.3",
                "Lix 2.95.3",
            ),
            (
                "nix (Determinate Nix 3.22.2) 2.35.2\n",
                "nix (Determinate Nix 3.22.2) 2.35.2",
                "Determinate Nix 3.22.2",
            ),
        ] {
            assert_eq!(first_line(answer), banner);
            let (flavour, _) = read_banner(banner).unwrap();
            assert_eq!(name_of(flavour, banner), name);
        }
    }
}
