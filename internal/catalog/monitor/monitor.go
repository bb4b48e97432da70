// Package monitor holds what the numbers of service 06 mean, as data: unit-and-scaling ids (UASID), monitor ids
// (OBDMID) and test ids (TID) of SAE J1979-DA.
//
// A number that is on no list is still usable: [ScalingOf] returns the raw number with the signedness that
// every id states by itself, and the name functions return "".
package monitor
