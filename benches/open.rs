//! Opening a snapshot, natively: the signature, the hashes, the campaigns and their indexes; and once more with the
//! first quote, which fills what later quotes find warm.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};

mod workload;

use workload::Workload;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("open");
    for name in ["W1", "W2"] {
        let Workload { sealed, requests } = Workload::read(name)?;
        sealed.open()?;
        group.throughput(Throughput::Bytes(sealed.snapshot.len().try_into()?));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(sealed.open()).is_ok()));
        let first = requests.first().map_or(&[][..], Vec::as_slice);
        group.bench_function(format!("{name} and first quote"), |bencher| {
            bencher.iter(|| sealed.open().is_ok_and(|mut engine| black_box(engine.quote_bytes(first, None)).is_ok()));
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
