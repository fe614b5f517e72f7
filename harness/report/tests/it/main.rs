//! Reports as they come out, through the crate's public interface.

#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod html;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod records;
mod runs;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod shards;
#[cfg(test)]
mod sinks;
mod strategies;
