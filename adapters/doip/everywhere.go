package doip

import (
	"net"
	"net/netip"

	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// Everywhere returns where vehicles on the link are asked: this computer itself, the limited broadcast, and
// on every interface that is up the broadcast of each IPv4 network and the IPv6 group of all nodes (FF02::1).
func Everywhere() []netip.AddrPort {
	where := Loopback()
	interfaces, err := net.Interfaces()
	if err != nil {
		return where
	}
	broadcast := false
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			n, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			if last, ok := lastOf(n); ok && i.Flags&net.FlagBroadcast != 0 {
				where, broadcast = append(where, netip.AddrPortFrom(last, iso13400.Port)), true
			}
		}
		if i.Flags&net.FlagMulticast != 0 {
			where = append(where, netip.AddrPortFrom(netip.IPv6LinkLocalAllNodes().WithZone(i.Name), iso13400.Port))
		}
	}
	if broadcast {
		where = append(where, netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), iso13400.Port))
	}
	return where
}

// Loopback returns this computer's own addresses, where a simulated vehicle listens.
func Loopback() []netip.AddrPort {
	return []netip.AddrPort{
		netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), iso13400.Port),
		netip.AddrPortFrom(netip.IPv6Loopback(), iso13400.Port),
	}
}

// lastOf returns the broadcast address of an IPv4 network; a network of one or two hosts has none.
func lastOf(n *net.IPNet) (netip.Addr, bool) {
	ip := n.IP.To4()
	ones, bits := n.Mask.Size()
	if ip == nil || bits != 32 || ones > 30 {
		return netip.Addr{}, false
	}
	var last [4]byte
	for i := range last {
		last[i] = ip[i] | ^n.Mask[i]
	}
	return netip.AddrFrom4(last), true
}

// reachable picks the addresses that a socket of the network can send to.
func reachable(network string, where []netip.AddrPort) []netip.AddrPort {
	var out []netip.AddrPort
	for _, at := range where {
		if at.Addr().Unmap().Is4() == (network == "udp4") {
			out = append(out, at)
		}
	}
	return out
}
