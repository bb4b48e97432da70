package simulator

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// settings are what AT commands change and AT D restores.
type settings struct {
	echo, linefeed, headers, spaces, dlc bool
	adaptive                             int           // AT AT0 to AT2
	wait                                 time.Duration // AT ST
	long                                 bool          // AT AL
	responses                            bool          // AT R1
	autoFormat                           bool          // AT CAF1
	flowControl                          bool          // AT CFC1
	flowMode                             byte          // AT FC SM
	flowHeader                           uint32        // AT FC SH
	flowData                             []byte        // AT FC SD
	header                               []byte        // AT SH, nil = the protocol's own
	priority                             byte          // AT CP, the top five bits of a 29-bit identifier
	filter, mask                         uint32        // AT CF, CM, CRA
	filtered                             bool
	wake                                 time.Duration // AT SW, 0 = no keep-alive
	slowInit                             byte          // AT IIA
	saeOrder                             bool          // AT JS
	plainHeads                           bool          // AT JHF0
	patient                              bool          // AT JTM5
}

// tick is the unit of AT ST.
const tick = 4096 * time.Microsecond

func defaults() settings {
	return settings{
		echo: true, spaces: true, adaptive: 1, wait: 0x32 * tick, responses: true, autoFormat: true,
		flowControl: true, priority: 0x18, wake: 3 * time.Second, slowInit: 0x33,
	}
}

// protocolState is what the adapter knows about the vehicle's line.
type protocolState struct {
	chosen obd.Protocol // 0 = automatic
	auto   bool         // may search
	stored obd.Protocol // survives a reset
	active obd.Protocol // in use, 0 before the first request
	awake  time.Duration
}

// canHeader is the identifier of requests.
func (s *settings) canHeader(p obd.Protocol) uint32 {
	h := s.header
	switch {
	case p.Is29Bit() && len(h) == 4:
		return uint32(h[0]&0x1F)<<24 | uint32(h[1])<<16 | uint32(h[2])<<8 | uint32(h[3])
	case p.Is29Bit() && len(h) == 3:
		return uint32(s.priority)<<24 | uint32(h[0])<<16 | uint32(h[1])<<8 | uint32(h[2])
	case p == obd.J1939:
		return requestAll
	case p.Is29Bit():
		return functional29
	case len(h) >= 2:
		return (uint32(h[len(h)-2])<<8 | uint32(h[len(h)-1])) & 0x7FF
	}
	return functional11
}

// olderHeader is the three bytes in front of requests.
func (s *settings) olderHeader(p obd.Protocol) [3]byte {
	if len(s.header) == 3 {
		return [3]byte(s.header)
	}
	switch p {
	case obd.J1850PWM:
		return [3]byte{0x61, 0x6A, 0xF1}
	case obd.KWPFast, obd.KWPSlow:
		return [3]byte{0xC2, 0x33, 0xF1}
	}
	return [3]byte{0x68, 0x6A, 0xF1}
}

// accepts is the receive filter of the adapter on CAN.
func (s *settings) accepts(p obd.Protocol, id uint32) bool {
	if s.filtered {
		return id&s.mask == s.filter&s.mask
	}
	if p.Is29Bit() {
		return id&0x1FFFFF00 == 0x18DAF100
	}
	return id&0x7F8 == 0x7E8
}
