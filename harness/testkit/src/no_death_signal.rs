//! Programs without the parent-death signal, which Linux has and macOS has not. The kernel
//! is told to answer that it has been set, and not to set it.

use std::io;

use nix::libc::{
    BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO,
    SYS_prctl, c_ulong, prctl, sock_filter, sock_fprog,
};

const FILTER_LENGTH: u16 = 6;

/// Where the kernel has the number of a call and the lower half of its first argument.
const NUMBER: u32 = 0;
const FIRST_ARGUMENT: u32 = 16;

const fn load(at: u32) -> sock_filter {
    instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, at)
}

/// Goes on if equal, and else leaves out so many instructions.
const fn equal_or_skip(value: u32, skipped: u8) -> sock_filter {
    instruction(BPF_JMP | BPF_JEQ | BPF_K, 0, skipped, value)
}

const fn answer(with: u32) -> sock_filter {
    instruction(BPF_RET | BPF_K, 0, 0, with)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "codes of instructions have 16 bits"
)]
const fn instruction(code: u32, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "both numbers are small")]
static FILTER: [sock_filter; FILTER_LENGTH as usize] = [
    load(NUMBER),
    equal_or_skip(SYS_prctl as u32, 3),
    load(FIRST_ARGUMENT),
    equal_or_skip(PR_SET_PDEATHSIG as u32, 1),
    // Success, and nothing was done.
    answer(SECCOMP_RET_ERRNO),
    answer(SECCOMP_RET_ALLOW),
];

/// Takes the signal from this process, and from all that it starts.
///
/// # Errors
/// The kernel has no such filters, or does not allow them.
#[expect(unsafe_code, reason = "the kernel reads the filter from memory")]
pub(crate) fn take() -> io::Result<()> {
    let program = sock_fprog {
        len: FILTER_LENGTH,
        filter: FILTER.as_ptr().cast_mut(),
    };
    let zero: c_ulong = 0;
    let one: c_ulong = 1;
    // SAFETY: the filter is static and only read; the length is its own.
    let refused = unsafe {
        prctl(PR_SET_NO_NEW_PRIVS, one, zero, zero, zero) != 0
            || prctl(
                PR_SET_SECCOMP,
                c_ulong::from(SECCOMP_MODE_FILTER),
                &raw const program,
            ) != 0
    };
    if refused {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
