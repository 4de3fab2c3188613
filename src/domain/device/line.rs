//! Bytes into lines that end in one byte (`ge-dinamap-ascii` 2; `vitals-json` 1, serial).
//!
//! Bounded: a line longer than its limit is skipped up to its end and told once with its length,
//! or every `16 x` the limit when no end comes. It does not look into a line.

/// How the lines of a protocol look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// The byte that ends a line.
    pub end: u8,
    /// Bytes ignored before a line's first byte.
    pub padding: &'static [u8],
    /// Longest line, without its end and padding, in bytes.
    pub limit: usize,
}

/// A line without its end, or one that was too long; `bytes` counts the end too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Whole { line: &'a [u8], bytes: usize },
    TooLong { bytes: usize },
}

#[derive(Clone, Copy, Debug)]
enum State {
    Collecting,
    Skipping { bytes: usize },
}

/// Collects a stream's current line.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    shape: Shape,
    line: Vec<u8>,
    state: State,
    /// Offset of the current line's first byte.
    at: u64,
    /// Bytes taken since the start.
    offset: u64,
}

impl Lines {
    pub(super) fn new(shape: Shape) -> Self {
        let line = Vec::with_capacity(shape.limit);
        Self { shape, line, state: State::Collecting, at: 0, offset: 0 }
    }

    /// Takes bytes and hands each line that ends in them to `each`, with its offset.
    pub(super) fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(u64, Line<'_>)) {
        while let Some(end) = bytes.iter().position(|b| *b == self.shape.end) {
            let (head, tail) = bytes.split_at(end);
            self.extend(head, &mut each);
            self.offset += 1;
            self.end_line(1, &mut each);
            bytes = &tail[1..];
        }
        self.extend(bytes, &mut each);
    }

    /// Says that no more bytes come: what is left counts as a line.
    pub(super) fn finish(&mut self, mut each: impl FnMut(u64, Line<'_>)) {
        self.end_line(0, &mut each);
    }

    fn extend(&mut self, bytes: &[u8], each: &mut impl FnMut(u64, Line<'_>)) {
        let mut bytes = bytes;
        if let State::Collecting = self.state {
            bytes = self.collect(bytes);
        }
        while let (State::Skipping { bytes: skipped }, false) = (self.state, bytes.is_empty()) {
            let most = self.shape.limit * 16;
            let (head, tail) = bytes.split_at(bytes.len().min(most - skipped));
            self.offset += head.len() as u64;
            self.state = State::Skipping { bytes: skipped + head.len() };
            if skipped + head.len() == most {
                each(self.at, Line::TooLong { bytes: most });
                self.at = self.offset;
                self.state = State::Skipping { bytes: 0 };
            }
            bytes = tail;
        }
    }

    /// Adds to the line what fits; when it does not, the line turns into skipped bytes. Returns
    /// the bytes not yet taken.
    fn collect<'b>(&mut self, mut bytes: &'b [u8]) -> &'b [u8] {
        if self.line.is_empty() {
            let padding = self.shape.padding;
            let ignored = bytes.iter().take_while(|b| padding.contains(b)).count();
            self.offset += ignored as u64;
            self.at = self.offset;
            bytes = &bytes[ignored..];
        }
        let (head, tail) = bytes.split_at(bytes.len().min(self.shape.limit - self.line.len()));
        self.line.extend_from_slice(head);
        self.offset += head.len() as u64;
        if !tail.is_empty() {
            self.state = State::Skipping { bytes: self.line.len() };
            self.line.clear();
        }
        tail
    }

    fn end_line(&mut self, end_bytes: usize, each: &mut impl FnMut(u64, Line<'_>)) {
        match self.state {
            State::Collecting if self.line.is_empty() => {}
            State::Collecting => {
                let bytes = self.line.len() + end_bytes;
                each(self.at, Line::Whole { line: &self.line, bytes });
            }
            State::Skipping { bytes: 0 } => {}
            State::Skipping { bytes } => each(self.at, Line::TooLong { bytes: bytes + end_bytes }),
        }
        self.line.clear();
        self.state = State::Collecting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { end: b'\n', padding: b"\r ", limit: 4 };

    fn lines(chunks: &[&[u8]]) -> Vec<(u64, Result<Vec<u8>, usize>)> {
        let mut out = Vec::new();
        let mut lines = Lines::new(SHAPE);
        let mut keep = |at, line: Line<'_>| match line {
            Line::Whole { line, .. } => out.push((at, Ok(line.to_vec()))),
            Line::TooLong { bytes } => out.push((at, Err(bytes))),
        };
        for chunk in chunks {
            lines.push(chunk, &mut keep);
        }
        lines.finish(&mut keep);
        out
    }

    /// Goal: offsets and lengths are those of the stream, whatever the chunks.
    #[test]
    fn lines_keep_their_offsets_and_a_long_one_is_told_once() {
        let bytes = b"\r ab\n\n \nabcd\nabcde\nfg\nhi";
        let expected = vec![
            (2, Ok(b"ab".to_vec())),
            (8, Ok(b"abcd".to_vec())),
            (13, Err(6)),
            (19, Ok(b"fg".to_vec())),
            (22, Ok(b"hi".to_vec())),
        ];
        assert_eq!(lines(&[bytes]), expected);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(lines(&single), expected);
    }

    /// Goal: a line that never ends is not dropped in silence, and costs no memory.
    #[test]
    fn a_line_without_end_is_told_every_sixteen_limits() {
        let bytes = [b'x'; 130];
        let expected = vec![(0, Err(64)), (64, Err(64)), (128, Err(2))];
        assert_eq!(lines(&[&bytes]), expected);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(lines(&single), expected);
    }
}
