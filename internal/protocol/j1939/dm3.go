package j1939

// PGNDM3 clears the previously active codes when it is requested; the answer is an acknowledgement.
const PGNDM3 = 65228 // FECC
