//! What the body of a function refers to.

use walrus::ir::{Visitor, dfs_in_order};
use walrus::{DataId, ElementId, FunctionId, GlobalId, LocalFunction, MemoryId, TableId};

/// Everything outside itself that one function names.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    pub(crate) functions: Vec<FunctionId>,
    pub(crate) globals: Vec<GlobalId>,
    pub(crate) tables: Vec<TableId>,
    pub(crate) memories: Vec<MemoryId>,
    /// Does it name a segment of data or of functions? Segments do not move, so such a function must not.
    pub(crate) segments: bool,
}

impl Uses {
    /// What `function` refers to, in the order of its instructions.
    pub(crate) fn of(function: &LocalFunction) -> Self {
        let mut uses = Self::default();
        dfs_in_order(&mut uses, function, function.entry_block());
        uses
    }
}

impl Visitor<'_> for Uses {
    fn visit_function_id(&mut self, &id: &FunctionId) {
        self.functions.push(id);
    }

    fn visit_global_id(&mut self, &id: &GlobalId) {
        self.globals.push(id);
    }

    fn visit_table_id(&mut self, &id: &TableId) {
        self.tables.push(id);
    }

    fn visit_memory_id(&mut self, &id: &MemoryId) {
        self.memories.push(id);
    }

    fn visit_data_id(&mut self, _: &DataId) {
        self.segments = true;
    }

    fn visit_element_id(&mut self, _: &ElementId) {
        self.segments = true;
    }
}
