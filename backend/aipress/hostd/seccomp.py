"""A filter of system calls for sandboxes: what WordPress never needs and attacks on the kernel begin with is refused.

A classic BPF program as seccomp(2) takes it. Refused calls fail with EPERM; clone3 with ENOSYS, so that the C library falls
back to clone, whose flags a filter can see.
"""

import errno
import os
import struct

# BPF: load a word of seccomp_data, jump if equal, jump if any bit is set, return.
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
AT_NUMBER, AT_ARCHITECTURE, AT_FIRST_ARGUMENT = 0, 4, 16
ALLOW, KILL, FAIL_WITH = 0x7FFF0000, 0x80000000, 0x00050000
CLONE_NEWUSER = 0x10000000
X32_BIT = 0x40000000

# Numbers from linux/audit.h and asm/unistd.h.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED = {
    "x86_64": {
        "acct": 163, "add_key": 248, "bpf": 321, "delete_module": 176, "finit_module": 313, "fsconfig": 431, "fsmount": 432,
        "fsopen": 430, "fspick": 433, "init_module": 175, "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425,
        "ioperm": 173, "iopl": 172, "kcmp": 312, "kexec_file_load": 320, "kexec_load": 246, "keyctl": 250, "mount": 165,
        "mount_setattr": 442, "move_mount": 429, "name_to_handle_at": 303, "open_by_handle_at": 304, "open_tree": 428,
        "perf_event_open": 298, "personality": 135, "pidfd_getfd": 438, "pivot_root": 155, "process_vm_writev": 311, "quotactl": 179,
        "reboot": 169, "request_key": 249, "setns": 308, "swapoff": 168, "swapon": 167, "umount2": 166, "unshare": 272,
        "userfaultfd": 323,
    },
    "aarch64": {
        "acct": 89, "add_key": 217, "bpf": 280, "delete_module": 106, "finit_module": 273, "fsconfig": 431, "fsmount": 432,
        "fsopen": 430, "fspick": 433, "init_module": 105, "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425,
        "kcmp": 272, "kexec_file_load": 294, "kexec_load": 104, "keyctl": 219, "mount": 40, "mount_setattr": 442, "move_mount": 429,
        "name_to_handle_at": 264, "open_by_handle_at": 265, "open_tree": 428, "perf_event_open": 241, "personality": 92,
        "pidfd_getfd": 438, "pivot_root": 41, "process_vm_writev": 271, "quotactl": 60, "reboot": 142, "request_key": 218,
        "setns": 268, "swapoff": 225, "swapon": 224, "umount2": 39, "unshare": 97, "userfaultfd": 282,
    },
}  # fmt: skip
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435


def is_known() -> bool:
    """Whether this machine's processor is one whose numbers are known here."""
    return os.uname().machine in ARCHITECTURES


def program(machine: str = "") -> bytes:
    """The filter for this machine's processor. KeyError where `is_known` says no."""
    machine = machine or os.uname().machine
    steps = [
        _step(LOAD, AT_ARCHITECTURE),
        _step(EQUAL, ARCHITECTURES[machine], 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, AT_NUMBER),
    ]
    if machine == "x86_64":
        # The same calls have other numbers in the x32 dialect, which nothing here speaks.
        steps += [_step(ANY_BIT, X32_BIT, 0, 1), _step(RETURN, FAIL_WITH | errno.ENOSYS)]
    for number in sorted(REFUSED[machine].values()):
        steps += [_step(EQUAL, number, 0, 1), _step(RETURN, FAIL_WITH | errno.EPERM)]
    steps += [_step(EQUAL, CLONE3, 0, 1), _step(RETURN, FAIL_WITH | errno.ENOSYS)]
    steps += [_step(EQUAL, CLONE[machine], 0, 3), _step(LOAD, AT_FIRST_ARGUMENT)]
    steps += [
        _step(ANY_BIT, CLONE_NEWUSER, 0, 1),
        _step(RETURN, FAIL_WITH | errno.EPERM),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One struct sock_filter (linux/filter.h)."""
    return struct.pack("HBBI", code, if_true, if_false, value)
