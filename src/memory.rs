//! Gives the engine its memory in wasm: a list of free blocks for each power of two. std's allocator for wasm seeks
//! the best block and joins what is freed; a report asks it a thousand times, which takes a seventh of the whole.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::{arch::wasm32, ptr};

/// The smallest block; every block lies on a multiple of it.
const SMALLEST: usize = 16;
/// What memory grows by.
const PAGE: usize = 64 * 1024;

struct Blocks(UnsafeCell<State>);

struct State {
    /// The first free block of each power of two; each free one begins with the place of the next.
    free: [*mut u8; usize::BITS as usize],
    /// What was never given out yet.
    rest: usize,
    end: usize,
}

// There is one thread.
unsafe impl Sync for Blocks {}

#[global_allocator]
static BLOCKS: Blocks =
    Blocks(UnsafeCell::new(State { free: [ptr::null_mut(); usize::BITS as usize], rest: 0, end: 0 }));

/// The power of two that has room for this.
fn power(layout: Layout) -> u32 {
    usize::BITS - (layout.size().max(SMALLEST) - 1).leading_zeros()
}

impl State {
    /// A block that was never used.
    #[cold]
    fn fresh(&mut self, size: usize) -> *mut u8 {
        if size > self.end - self.rest {
            let pages = size.div_ceil(PAGE);
            let before = wasm32::memory_grow(0, pages);
            if before == usize::MAX {
                return ptr::null_mut();
            }
            let start = before * PAGE;
            // Where nobody else asked for memory, what was left goes on.
            if start != self.end {
                self.rest = start;
            }
            self.end = start + pages * PAGE;
        }
        let block = self.rest;
        self.rest += size;
        block as *mut u8
    }
}

// A block of a power of two is used by one owner at a time: it is in no list while it is given out.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (state, power) = (unsafe { &mut *self.0.get() }, power(layout));
        if power >= usize::BITS || layout.align() > SMALLEST {
            return ptr::null_mut();
        }
        let block = state.free[power as usize];
        if block.is_null() {
            return state.fresh(1 << power);
        }
        state.free[power as usize] = unsafe { block.cast::<*mut u8>().read() };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let first = unsafe { &mut (&mut (*self.0.get()).free)[power(layout) as usize] };
        unsafe { block.cast::<*mut u8>().write(*first) };
        *first = block;
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if power(wanted) == power(layout) {
            return block;
        }
        let new = unsafe { self.alloc(wanted) };
        if !new.is_null() {
            unsafe {
                ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        new
    }
}
