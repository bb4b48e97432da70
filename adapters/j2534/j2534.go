// Package j2534 is the way to a pass-thru device with a Windows driver (SAE J2534-1, API 04.04).
//
// Of the API's fourteen functions eleven are used. Periodic messages would go on when this program has
// died, and nothing here needs a programming voltage: those three are not bound.
package j2534

import (
	"fmt"
	"time"
)

// Message is PASSTHRU_MSG (SAE J2534-1, 8.5): all numbers have 32 bits on every Windows.
type Message struct {
	ProtocolID     uint32
	RxStatus       uint32
	TxFlags        uint32
	Timestamp      uint32 // µs, wraps
	DataSize       uint32
	ExtraDataIndex uint32
	Data           [4128]byte
}

// Config is SCONFIG: one parameter of a channel.
type Config struct {
	Parameter uint32
	Value     uint32
}

// configList is SCONFIG_LIST; the pointer makes its layout that of the program's own width.
type configList struct {
	Count  uint32
	Config *Config
}

// What is used of protocols, flags, filters and parameters.
const (
	ProtocolCAN = 5

	FlagCAN29  = 0x0100 // in TxFlags and RxStatus: the identifier has 29 bits
	FlagBothID = 0x0800 // in the flags of Connect: identifiers of both lengths

	rxEcho  = 0x01               // in RxStatus: a message of our own, sent
	rxNoise = 0x02 | 0x04 | 0x08 // start of message, break, indication: no data

	FilterPass = 1

	ParameterLoopback = 3

	clearReceived = 8
	clearFilters  = 10
)

// Library are the functions of a driver. None may be called by two goroutines at once.
type Library interface {
	Open() (device uint32, s Status)
	Close(device uint32) Status
	Connect(device, protocol, flags, baud uint32) (channel uint32, s Status)
	Disconnect(channel uint32) Status
	// Read waits for messages up to the time and returns how many came.
	Read(channel uint32, into []Message, wait time.Duration) (int, Status)
	// Write queues messages and waits up to the time until they are sent.
	Write(channel uint32, messages []Message, wait time.Duration) (int, Status)
	StartFilter(channel, kind uint32, mask, pattern *Message) (filter uint32, s Status)
	StopFilter(channel, filter uint32) Status
	// Configure is PassThruIoctl SET_CONFIG.
	Configure(channel uint32, c []Config) Status
	// Clear is PassThruIoctl CLEAR_RX_BUFFER or CLEAR_MSG_FILTERS.
	Clear(channel, what uint32) Status
	// Battery is PassThruIoctl READ_VBATT, in millivolts.
	Battery(device uint32) (uint32, Status)
	Version(device uint32) (Version, Status)
	// LastError is the driver's own text about the last call.
	LastError() string
	// Unload ends the use of the driver.
	Unload() error
}

// Version is what PassThruReadVersion tells.
type Version struct{ Firmware, Library, API string }

// Status is the result of a call (SAE J2534-1, 8.4).
type Status int32

// The results that decide something here.
const (
	OK              Status = 0x00
	NotSupported    Status = 0x01
	InvalidChannel  Status = 0x02
	InvalidFlags    Status = 0x06
	Failed          Status = 0x07
	NotConnected    Status = 0x08
	Timeout         Status = 0x09
	ExceededLimit   Status = 0x0C
	InUse           Status = 0x0E
	BufferEmpty     Status = 0x10
	BufferFull      Status = 0x11
	BufferOverflow  Status = 0x12
	ChannelInUse    Status = 0x14
	InvalidBaudrate Status = 0x19
	InvalidDevice   Status = 0x1A
)

var statusNames = [...]string{
	"no error", "not supported", "invalid channel", "invalid protocol", "a parameter is missing", "invalid parameter",
	"invalid flags", "failed", "the device is not connected", "time is over", "invalid message", "invalid interval",
	"too many filters or messages", "invalid message number", "the device is in use", "invalid control code", "buffer empty", "buffer full",
	"buffer overflow", "invalid pin", "the channel is in use", "wrong protocol of a message", "invalid filter", "no flow control filter",
	"not unique", "invalid bit rate", "invalid device",
}

// String names the result.
func (s Status) String() string {
	if s >= 0 && int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("code %02X", uint32(s))
}
