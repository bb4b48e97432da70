package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/adapters/socketcan"
	"github.com/fleetms/obdctl/internal/errs"
)

// serveOptions are the ways in that `sim serve` opens.
type serveOptions struct {
	tcp, doip, can string
	pty, tls       bool
}

func (a *app) simServe() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve [SCENARIO]",
		Short: "Serve a simulated car: as an ELM327, on a CAN interface, or by DoIP",
		Long: `serve lets any OBD program talk to a simulated car. SCENARIO is a name of 'obdctl sim list', with
options behind it as in sim:petrol-misfire?adapter=clone-no-h1&ecu_latency=20ms.

The car answers as an ELM327 on TCP or a pseudo-terminal, as a node on a CAN interface (Linux), or as a
DoIP entity (ISO 13400) on TCP and UDP of one port. Each address that it can be reached by is printed on a
line of its own.`,
		Example: `  obdctl sim serve
  obdctl sim serve diesel-4ecu-29bit --tcp 127.0.0.1:35001
  obdctl sim serve kwp --pty
  obdctl sim serve truck --can vcan0
  obdctl sim serve ev-uds --doip 127.0.0.1:13400`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.serveCar(cmd.Context(), "sim:"+strings.TrimPrefix(strings.Join(args, ""), "sim:"), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.tcp, "tcp", "127.0.0.1:35000", "`address` to listen on as an ELM327")
	f.BoolVar(&o.pty, "pty", false, "an ELM327 on a pseudo-terminal instead of TCP")
	f.StringVar(&o.can, "can", "", "CAN `interface` to be a node on, such as vcan0")
	f.StringVar(&o.doip, "doip", "", "`address` to listen on as a DoIP entity, TCP and UDP; port 0 takes a free one")
	f.BoolVar(&o.tls, "tls", false, "with --doip: TLS, by a certificate made for it")
	f.StringVar(&o.tcp, "listen", o.tcp, "the name of --tcp before there were other ways")
	_ = f.MarkHidden("listen") // it is defined one line above
	cmd.MarkFlagsMutuallyExclusive("tcp", "listen", "pty", "can", "doip")
	return cmd
}

// serveCar opens the way in that was asked for and serves until Ctrl-C.
func (a *app) serveCar(ctx context.Context, address string, o serveOptions) error {
	if o.tls && o.doip == "" {
		return errs.New(errs.Usage, "--tls is for --doip")
	}
	car, err := simulator.Open(ctx, address) // a car that is not known is told before an address is
	if err != nil {
		return err
	}
	if err := car.Close(); err != nil {
		return err
	}
	switch {
	case o.doip != "":
		return a.serveDoIP(ctx, address, o)
	case o.can != "":
		return a.serveCAN(ctx, address, o.can)
	case o.pty:
		path, wait, err := simulator.ServePTY(ctx, address)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "serial://%s\n", path)
		return wait()
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.tcp)
	if err != nil {
		return errs.New(errs.Usage, "listen on %s: %w", o.tcp, err).WithHint("choose another address with --tcp")
	}
	fmt.Fprintf(a.out, "tcp://%s\n", l.Addr())
	return simulator.Serve(ctx, address, l)
}

func (a *app) serveDoIP(ctx context.Context, address string, o serveOptions) error {
	tcp, udp, err := listenBoth(ctx, o.doip)
	if err != nil {
		return errs.New(errs.Usage, "listen on %s: %w", o.doip, err).WithHint("choose another address with --doip")
	}
	defer tcp.Close()
	defer udp.Close()
	way := "doip://" + tcp.Addr().String()
	if o.tls {
		way += "?tls=insecure" // nobody has signed a certificate that is made here and now
		address = withOption(address, "tls=on")
	}
	fmt.Fprintln(a.out, way)
	return simulator.ServeDoIP(ctx, address, tcp, udp)
}

// portTries is how often a free port is looked for: one that is free for TCP may be taken for UDP.
const portTries = 16

// listenBoth listens on TCP and UDP with one port.
func listenBoth(ctx context.Context, address string) (tcp net.Listener, udp net.PacketConn, err error) {
	_, port, _ := net.SplitHostPort(address)
	var lc net.ListenConfig
	for range portTries {
		if tcp, err = lc.Listen(ctx, "tcp", address); err != nil {
			return nil, nil, err
		}
		if udp, err = lc.ListenPacket(ctx, "udp", tcp.Addr().String()); err == nil {
			return tcp, udp, nil
		}
		err = errors.Join(err, tcp.Close())
		if port != "0" {
			break
		}
	}
	return nil, nil, err
}

func (a *app) serveCAN(ctx context.Context, address, device string) error {
	bus, err := socketcan.Open(ctx, device, socketcan.Options{Bitrate: 500_000})
	if err != nil {
		return err
	}
	defer bus.Close()
	fmt.Fprintf(a.out, "can://%s\n", device)
	return simulator.ServeBus(ctx, address, bus)
}

// withOption adds an option to the address of a simulated car.
func withOption(address, option string) string {
	if strings.Contains(address, "?") {
		return address + "&" + option
	}
	return address + "?" + option
}
