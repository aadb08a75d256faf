# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest that fits into a boot sector: it greets on the first serial line, and from then on sends
back whatever it receives there. It sleeps between interrupts, so that it costs nothing.

The bytes are written out beside the instructions they stand for, so that no assembler is needed.
The BIOS loads them to 0x7c00, in 16-bit real mode."""

GREETING = b"guest ready\r\n"
IMAGE_SIZE = 1024 * 1024

_PROGRAM = """
fa                  cli
31 c0               xor   ax, ax
8e d8               mov   ds, ax
8e d0               mov   ss, ax
bc 00 7c            mov   sp, 0x7c00
fc                  cld
c7 06 30 00 4a 7c   mov   word [0x30], received     ; the vector of interrupt 4,
a3 32 00            mov   [0x32], ax                ; in segment 0
be 64 7c            mov   si, settings
ad                  lodsw                           ; next_setting: a port, or 0
85 c0               test  ax, ax
74 06               jz    greet
89 c2               mov   dx, ax
ac                  lodsb                           ; and what it gets
ee                  out   dx, al
eb f5               jmp   next_setting
be 7b 7c            mov   si, greeting              ; greet:
ac                  lodsb                           ; next_letter:
84 c0               test  al, al
74 05               jz    listen
e8 0c 00            call  put
eb f6               jmp   next_letter
e4 21               in    al, 0x21                  ; listen: the interrupt controller's mask
24 ef               and   al, 0xef                  ; lets interrupt 4 through
e6 21               out   0x21, al
fb                  sti                             ; wait:
f4                  hlt
eb fc               jmp   wait
88 c4               mov   ah, al                    ; put: sends al
ba fd 03            mov   dx, 0x3fd
ec                  in    al, dx                    ; busy: until there is room
a8 20               test  al, 0x20
74 fb               jz    busy
88 e0               mov   al, ah
ba f8 03            mov   dx, 0x3f8
ee                  out   dx, al
c3                  ret
50                  push  ax                        ; received: the interrupt handler
52                  push  dx
ba fd 03            mov   dx, 0x3fd                 ; more: while there is something,
ec                  in    al, dx
a8 01               test  al, 1
74 09               jz    none
ba f8 03            mov   dx, 0x3f8                 ; it goes back
ec                  in    al, dx
e8 de ff            call  put
eb ef               jmp   more
b0 20               mov   al, 0x20                  ; none: the interrupt is served
e6 20               out   0x20, al
5a                  pop   dx
58                  pop   ax
cf                  iret
fb 03 80            dw 0x3fb  db 0x80               ; settings: reach the divisor,
f8 03 01            dw 0x3f8  db 1                  ; 115200 baud,
f9 03 00            dw 0x3f9  db 0
fb 03 03            dw 0x3fb  db 3                  ; 8 bits, no parity,
fa 03 07            dw 0x3fa  db 7                  ; queues on and empty,
fc 03 0b            dw 0x3fc  db 0x0b               ; interrupts reach the controller,
f9 03 01            dw 0x3f9  db 1                  ; when something was received
00 00               dw 0
"""


def boot_sector():
    """The 512 bytes."""
    program = b"".join(bytes.fromhex(line[:20]) for line in _PROGRAM.splitlines())
    return (program + GREETING + b"\0").ljust(510, b"\0") + b"\x55\xaa"


def write_image(path):
    """A raw disk with the guest on it."""
    with open(path, "wb") as file:
        file.write(boot_sector())
        file.truncate(IMAGE_SIZE)
