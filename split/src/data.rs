//! Bytes that come with the rest. The page marks them (`web/build.rs`), and asks for the rest before it reads them.

use anyhow::{Context as _, Result, ensure};
use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, MemoryId, Module};

/// What stands before such bytes; their number follows, as a `u32` in little endian.
pub(crate) const MARK: &[u8; 16] = b"\xffringside-later:";

/// Bytes of that number.
const NUMBER: usize = size_of::<u32>();

/// Bytes and the addresses where they belong: pieces, since where a module's memory is zero to begin with, no segment
/// says so.
#[derive(Debug)]
pub(crate) struct Late {
    memory: MemoryId,
    pieces: Vec<(u32, Vec<u8>)>,
}

impl Late {
    /// Takes the marked bytes out of a module; none where there is no mark. The mark and the number stay.
    ///
    /// # Errors
    /// There is more than one mark, or what it stands before is cut short.
    pub(crate) fn take(module: &mut Module) -> Result<Option<Self>> {
        let mut marks = Vec::new();
        for segment in module.data.iter() {
            let found = segment.value.windows(MARK.len()).enumerate().filter(|(_, bytes)| bytes == MARK);
            for (at, _) in found {
                let (memory, begin) = place(segment).context("bytes that come later have no fixed place")?;
                let number = segment.value.get(at + MARK.len()..).and_then(<[u8]>::first_chunk);
                let length = u32::from_le_bytes(*number.context("a mark without a number")?);
                let first = begin + u32::try_from(at + MARK.len() + NUMBER)?;
                marks.push((memory, first..first + length));
            }
        }
        ensure!(marks.len() < 2, "bytes that come later are marked twice");
        let Some((memory, range)) = marks.pop() else { return Ok(None) };
        let mut pieces = Vec::new();
        for id in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
            let segment = module.data.get_mut(id);
            let Some((_, begin)) = place(segment).filter(|(other, _)| *other == memory) else { continue };
            let within = |address: u32| (address.saturating_sub(begin) as usize).min(segment.value.len());
            let (from, to) = (within(range.start), within(range.end));
            if from == to {
                continue;
            }
            let after = segment.value.split_off(to);
            pieces.push((begin + u32::try_from(from)?, segment.value.split_off(from)));
            if segment.value.is_empty() {
                module.data.delete(id);
                module.memories.get_mut(memory).data_segments.remove(&id);
            }
            if !after.is_empty() {
                add(module, memory, begin + u32::try_from(to)?, after);
            }
        }
        let end = pieces.iter().map(|(address, bytes)| *address as usize + bytes.len()).max();
        ensure!(end == Some(range.end as usize), "bytes that come later are cut short");
        Ok(Some(Self { memory, pieces }))
    }

    /// The index of the memory where they belong.
    pub(crate) fn memory(&self) -> usize {
        self.memory.index()
    }

    /// Has a module put them where they belong. It is a copy of the one they were taken from.
    pub(crate) fn put(self, module: &mut Module) -> Result<()> {
        let memory = module.memories.iter().map(walrus::Memory::id).find(|id| id.index() == self.memory());
        let memory = memory.context("the memory is gone")?;
        for (address, bytes) in self.pieces {
            add(module, memory, address, bytes);
        }
        Ok(())
    }
}

/// Where a segment is put at the start.
fn place(segment: &walrus::Data) -> Option<(MemoryId, u32)> {
    let DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(begin)) } = segment.kind else {
        return None;
    };
    Some((memory, begin.cast_unsigned()))
}

fn add(module: &mut Module, memory: MemoryId, address: u32, bytes: Vec<u8>) {
    let offset = ConstExpr::Value(Value::I32(address.cast_signed()));
    let segment = module.data.add(DataKind::Active { memory, offset }, bytes);
    module.memories.get_mut(memory).data_segments.insert(segment);
}
