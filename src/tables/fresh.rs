//! A file that is whole or not there: written under a temporary name beside its place, made durable, then renamed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A file being written. Dropped without [`Fresh::keep`], nothing is left of it.
#[derive(Debug)]
pub struct Fresh {
    path: PathBuf,
    part: PathBuf,
    kept: bool,
}

impl Fresh {
    /// Begins the file for `path`; what an earlier, broken-off writing left is taken away.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn begin(path: &Path) -> io::Result<(Self, File)> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part)?;
        let fresh = Self {
            path: path.to_owned(),
            part,
            kept: false,
        };
        Ok((fresh, file))
    }

    /// Makes what was written durable and gives it its name, over what stood there.
    ///
    /// # Errors
    /// When the disk does not take it; what stood under the name stays.
    pub fn keep(mut self, file: File) -> io::Result<()> {
        file.sync_all()?;
        drop(file);
        std::fs::rename(&self.part, &self.path)?;
        self.kept = true;
        // The new name is only durable with its folder; where folders cannot be opened the rename alone must do.
        if let Some(folder) = self.path.parent()
            && let Ok(folder) = File::open(if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            })
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
