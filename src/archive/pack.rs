//! The folder of an archive while it is written: under another name, every file hashed as it goes, renamed when all of
//! it is on the disk.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::desk::Result;
use crate::desk::past::cannot_write;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a text, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, read piece by piece.
///
/// # Errors
/// When it cannot be read.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => break Ok(hex(&hasher.finalize())),
            n => hasher.update(piece.get(..n).unwrap_or_default()),
        }
    }
}

/// One file of the folder while it is written.
pub struct Part {
    out: BufWriter<File>,
    hasher: Sha256,
    path: PathBuf,
    name: String,
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Part {
    /// Writes a line and its end.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] naming this file.
    pub fn line(&mut self, line: &str) -> Result<()> {
        let written = self
            .write_all(line.as_bytes())
            .and_then(|()| self.write_all(b"\n"));
        written.map_err(|e| cannot_write(&self.path, &e))
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] naming this file.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.write_all(bytes);
        written.map_err(|e| cannot_write(&self.path, &e))
    }
}

/// The folder under its working name. What is left of it when it is dropped unfinished is taken away.
pub struct Pack {
    partial: PathBuf,
    target: PathBuf,
    /// (name, SHA-256) of every finished file.
    files: Vec<(String, String)>,
    renamed: bool,
}

impl Pack {
    /// Begins `out/name` under the name `out/.name.partial`. What a run that was killed left there is nobody's archive
    /// and goes first.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the folder cannot be made.
    pub fn begin(out: &Path, name: &str) -> Result<Self> {
        let partial = out.join(format!(".{name}.partial"));
        let made = match fs::remove_dir_all(&partial) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => fs::create_dir_all(&partial),
        };
        made.map_err(|e| cannot_write(&partial, &e))?;
        Ok(Self {
            partial,
            target: out.join(name),
            files: Vec::new(),
            renamed: false,
        })
    }

    /// Begins a file; `name` is its path within the folder, with `/`.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be made.
    pub fn part(&self, name: &str) -> Result<Part> {
        let path = self.place(name)?;
        let file = File::create(&path).map_err(|e| cannot_write(&path, &e))?;
        Ok(Part {
            out: BufWriter::with_capacity(64 * 1024, file),
            hasher: Sha256::new(),
            path,
            name: name.to_owned(),
        })
    }

    /// Where a file that somebody else writes goes; its folder is there. [`Pack::adopt`] takes it in afterwards.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when its folder cannot be made.
    pub fn place(&self, name: &str) -> Result<PathBuf> {
        let path = self.partial.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
        }
        Ok(path)
    }

    /// Puts a finished file on the disk and into the manifest.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be written.
    pub fn finish(&mut self, part: Part) -> Result<()> {
        let Part {
            out,
            hasher,
            path,
            name,
        } = part;
        let synced = out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all());
        synced.map_err(|e| cannot_write(&path, &e))?;
        self.files.push((name, hex(&hasher.finalize())));
        Ok(())
    }

    /// Takes in a file that somebody else has written at [`Pack::place`].
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be read or put on the disk.
    pub fn adopt(&mut self, name: &str) -> Result<()> {
        let path = self.partial.join(name);
        let hash = File::open(&path)
            .and_then(|file| file.sync_all())
            .and_then(|()| sha256_of(&path));
        let hash = hash.map_err(|e| cannot_write(&path, &e))?;
        self.files.push((name.to_owned(), hash));
        Ok(())
    }

    /// A small file in one go.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be written.
    pub fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut part = self.part(name)?;
        part.put(bytes)?;
        self.finish(part)
    }

    /// The finished files by name, in the order of their bytes.
    pub fn files(&mut self) -> &[(String, String)] {
        self.files.sort();
        &self.files
    }

    /// Writes the manifest, which does not name itself.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be written.
    pub fn manifest(&self, name: &str, text: &str) -> Result<()> {
        let path = self.place(name)?;
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|e| cannot_write(&path, &e))?;
        self.sync_folders();
        Ok(())
    }

    /// Names of new files are kept by their folders; not every system lets a folder be synced.
    fn sync_folders(&self) {
        let mut folders = vec![self.partial.clone()];
        let inner = fs::read_dir(&self.partial).into_iter().flatten().flatten();
        folders.extend(inner.map(|entry| entry.path()).filter(|path| path.is_dir()));
        for folder in folders {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
    }

    /// Where the complete folder stands.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be renamed; it then stays under its working name.
    pub fn rename(mut self) -> Result<PathBuf> {
        // From here on it is complete: a rename that fails leaves it where the next run can take it from.
        self.renamed = true;
        fs::rename(&self.partial, &self.target).map_err(|e| cannot_write(&self.target, &e))?;
        if let Some(out) = self.target.parent() {
            let _ = File::open(out).and_then(|folder| folder.sync_all());
        }
        Ok(self.target.clone())
    }
}

impl Drop for Pack {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}
