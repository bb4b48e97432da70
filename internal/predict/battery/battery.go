// Package battery judges batteries: the 12 V battery of a vehicle by rules with physics, and the cells of a traction
// battery by how their discharge curve changes.
//
// 12 V: what a start does to the voltage, what the voltage is at rest, what the alternator holds, and, where a sensor
// tells the current, the resistance. Readings of the OBD connector are enough; what they cannot show is said.
//
// Cells: cycle life from the change of capacity over voltage between two early cycles, as K. Severson et al. found
// ("Data-driven prediction of battery cycle life before capacity degradation", Nature Energy 4, 2019), for cells like those that
// were learned from. Nothing learned from cells says anything about a 12 V battery.
package battery
