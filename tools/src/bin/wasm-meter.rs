//! Makes a module count the instructions it executes: `wasm-meter <in.wasm> <out.wasm>`.
//!
//! The output does what the input does and exports one global more, `fuel`, a 64-bit count. The count follows
//! wasmtime's default fuel: one per function entered and per instruction, nothing for `nop`, `drop`, `return`,
//! `unreachable` and the marks of a block, and one more per byte that a bulk memory instruction touches and per page that
//! `memory.grow` asks for. Counting inside the module lets every host measure the real package through its real
//! JavaScript, on any machine, to the same number.
use std::{env, mem};

use anyhow::{bail, Context, Result};
use walrus::ir::{BinaryOp, Instr, InstrLocId, InstrSeqId, UnaryOp, Value};
use walrus::{ir, ConstExpr, GlobalId, LocalFunction, LocalId, Module, ValType};

fn main() -> Result<()> {
    let [_, input, output] = env::args().collect::<Vec<_>>().try_into().map_err(|_| {
        anyhow::anyhow!("usage: wasm-meter <in.wasm> <out.wasm>")
    })?;
    let mut module = Module::from_file(&input).with_context(|| format!("cannot read `{input}`"))?;
    let zero = ConstExpr::Value(Value::I64(0));
    let fuel = module.globals.add_local(ValType::I64, true, false, zero);
    let length = module.locals.add(ValType::I32);
    for (_, function) in module.funcs.iter_local_mut() {
        Meter { fuel, length, function }.run()?;
    }
    module.exports.add("fuel", fuel);
    module.emit_wasm_file(&output).with_context(|| format!("cannot write `{output}`"))
}

struct Meter<'a> {
    fuel: GlobalId,
    /// Holds the operand of a bulk instruction while its bytes are counted.
    length: LocalId,
    function: &'a mut LocalFunction,
}

impl Meter<'_> {
    fn run(mut self) -> Result<()> {
        let entry = self.function.entry_block();
        let mut sequences = vec![(entry, 1)];
        while let Some((sequence, cost_so_far)) = sequences.pop() {
            let inner = self.sequence(sequence, cost_so_far)?;
            sequences.extend(inner.into_iter().map(|sequence| (sequence, 0)));
        }
        Ok(())
    }

    /// Meters one sequence and names the sequences inside it. What ran since the last count is added where control may
    /// leave, so that each path is charged for exactly what it executed.
    fn sequence(&mut self, id: InstrSeqId, cost_so_far: i64) -> Result<Vec<InstrSeqId>> {
        let body = mem::take(&mut self.function.block_mut(id).instrs);
        let mut metered = Vec::with_capacity(body.len());
        let mut inner = Vec::new();
        let mut cost = cost_so_far;
        for (instruction, location) in body {
            cost += flat_cost(&instruction);
            match &instruction {
                Instr::Block(block) => {
                    self.charge(&mut cost, &mut metered);
                    inner.push(block.seq);
                }
                Instr::Loop(block) => {
                    self.charge(&mut cost, &mut metered);
                    inner.push(block.seq);
                }
                Instr::IfElse(branches) => {
                    self.charge(&mut cost, &mut metered);
                    inner.extend([branches.consequent, branches.alternative]);
                }
                Instr::Br(_) | Instr::BrIf(_) | Instr::BrTable(_) | Instr::Return(_) | Instr::Unreachable(_)
                | Instr::ReturnCall(_) | Instr::ReturnCallIndirect(_) => self.charge(&mut cost, &mut metered),
                Instr::MemoryCopy(_) | Instr::MemoryFill(_) | Instr::MemoryInit(_) | Instr::MemoryGrow(_) => {
                    self.charge_length(&mut metered);
                }
                Instr::Try(_) | Instr::TryTable(_) | Instr::BrOnNull(_) | Instr::BrOnNonNull(_) | Instr::BrOnCast(_)
                | Instr::BrOnCastFail(_) => bail!("the meter cannot follow {instruction:?}: teach it this instruction"),
                _ => {}
            }
            metered.push((instruction, location));
        }
        self.charge(&mut cost, &mut metered);
        self.function.block_mut(id).instrs = metered;
        Ok(inner)
    }

    fn charge(&self, cost: &mut i64, metered: &mut Vec<(Instr, InstrLocId)>) {
        let cost = mem::take(cost);
        if cost > 0 {
            let amount = Instr::Const(ir::Const { value: Value::I64(cost) });
            self.add([amount], metered);
        }
    }

    fn charge_length(&self, metered: &mut Vec<(Instr, InstrLocId)>) {
        metered.push((Instr::LocalTee(ir::LocalTee { local: self.length }), InstrLocId::default()));
        let length = Instr::LocalGet(ir::LocalGet { local: self.length });
        let widen = Instr::Unop(ir::Unop { op: UnaryOp::I64ExtendUI32 });
        self.add([length, widen], metered);
    }

    fn add<const N: usize>(&self, amount: [Instr; N], metered: &mut Vec<(Instr, InstrLocId)>) {
        let before = [Instr::GlobalGet(ir::GlobalGet { global: self.fuel })];
        let after = [
            Instr::Binop(ir::Binop { op: BinaryOp::I64Add }),
            Instr::GlobalSet(ir::GlobalSet { global: self.fuel }),
        ];
        let added = before.into_iter().chain(amount).chain(after);
        metered.extend(added.map(|instruction| (instruction, InstrLocId::default())));
    }
}

/// The cost of an instruction apart from what grows with its operands. `nop` never reaches this tree.
fn flat_cost(instruction: &Instr) -> i64 {
    match instruction {
        Instr::Block(_) | Instr::Loop(_) | Instr::Drop(_) | Instr::Return(_) | Instr::Unreachable(_) => 0,
        _ => 1,
    }
}
