//! Request bytes in, quote bytes out, natively. `node bench/dump.mjs` writes what it reads; the side-by-side figures
//! against other engines are those of `bench/run.mjs`.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};

mod workload;

use workload::Workload;

/// The two workloads of `bench/`, and lines x campaigns.
const NAMES: [&str; 8] = ["W1", "W2", "1x10", "20x10", "200x10", "1x1000", "20x1000", "200x1000"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("quote_bytes");
    group.throughput(Throughput::Elements(1));
    for name in NAMES {
        let workload = Workload::read(name)?;
        let mut engine = workload.sealed.open()?;
        let mut requests = workload.requests.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = requests.next().map_or(&[][..], Vec::as_slice);
                black_box(engine.quote_bytes(request, None)).is_ok()
            });
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
