// Package socketcan opens CAN interfaces of Linux (SocketCAN, linux/can/raw.h): built-in controllers, USB
// adapters with the gs_usb, peak_usb and like drivers, slcan and vcan.
package socketcan

// Options say how an interface is opened.
type Options struct {
	Name        string // the address by which it is opened, for messages
	Bitrate     int    // bits per second, for the hint and for Up
	DataBitrate int    // of the data part of CAN FD frames, with FD and Up
	FD          bool   // CAN FD frames are sent and received
	Up          bool   // set the interface up when it is down
}

func (o Options) name(device string) string {
	if o.Name != "" {
		return o.Name
	}
	return "can://" + device
}
