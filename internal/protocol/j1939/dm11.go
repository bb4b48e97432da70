package j1939

// PGNDM11 clears the active codes and all that hangs on them when it is requested; the answer is an acknowledgement.
const PGNDM11 = 65235 // FED3
