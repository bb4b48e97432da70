package adapters

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// doipWay is diagnostics over IP. What a vehicle refuses at the routing activation is offered otherwise on
// the next connection.
type doipWay struct {
	op    *opener
	terms doip.Terms
	host  string // found by a search, or given
}

// wayDoIP leads to a vehicle on Ethernet.
func (op *opener) wayDoIP() (way, error) {
	q := op.address.Query
	w := &doipWay{op: op, host: op.address.Target}
	w.terms = doip.Terms{
		Source: logical(q.Get("source")), Type: iso13400.ActivationType(logical(q.Get("type"))), Typed: q.Has("type"),
		TLS: q.Get("tls") == "1" || q.Get("tls") == "insecure",
	}
	return way{port: w.connect, talk: w.talk, guard: doip.Guard}, nil
}

func (w *doipWay) connect(ctx context.Context) (link.Port, error) {
	if w.host == "" {
		if err := w.search(ctx); err != nil {
			return nil, err
		}
	}
	q := w.op.address.Query
	host, secure := w.host, (*doip.Secure)(nil)
	if w.terms.TLS {
		secure = &doip.Secure{CA: q.Get("ca"), ServerName: q.Get("name"), Insecure: q.Get("tls") == "insecure"}
		host = tlsPort(host)
	}
	p, err := doip.Connect(ctx, host, w.op.address.String(), secure)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// tlsPort is the host with the port of TLS in place of the standard's plain one.
func tlsPort(hostport string) string {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil || port != strconv.Itoa(iso13400.Port) {
		return hostport
	}
	return net.JoinHostPort(host, strconv.Itoa(iso13400.PortTLS))
}

// search finds the vehicle when no host is given.
func (w *doipWay) search(ctx context.Context) error {
	w.op.o.notify(EventTrying, "looking for vehicles on the network")
	wait, _ := time.ParseDuration(w.op.address.Query.Get("wait")) // checked by Parse
	found, err := doip.Discover(ctx, doip.Search{Wait: wait})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errs.New(errs.NoAdapter, "no vehicle answers on the network").
			WithHint("plug the DoIP cable in and switch the ignition on; doip://HOST names the vehicle's address")
	}
	var names []string
	for _, e := range found {
		names = append(names, strings.TrimSpace(e.Open()+" "+e.Vehicle()))
		if e.Vehicle() != found[0].Vehicle() {
			return errs.New(errs.Usage, "several vehicles answer: %s", strings.Join(names, ", ")).
				WithHint("say which one with --adapter %s", found[0].Open())
		}
	}
	w.host = found[0].At.String()
	w.op.o.notify(EventFound, names[0])
	return nil
}

// talk starts the dialogue. After a refusal that other terms may avoid the link counts as lost, so that the
// next attempt connects anew.
func (w *doipWay) talk(ctx context.Context, p link.Port) (link.Link, error) {
	q := w.op.address.Query
	var targets []iso13400.Address
	for _, t := range q["target"] {
		targets = append(targets, logical(t))
	}
	l, err := doip.Dial(ctx, p, doip.Options{
		Terms: w.terms, Targets: targets, Functional: logical(q.Get("group")), Now: w.op.clock.Now,
		Notify: func(text string) { w.op.o.notify(EventTrying, text) },
	})
	if err == nil {
		return l, nil
	}
	if terms, ok := w.terms.After(err); ok {
		w.terms = terms
		return nil, &link.Fault{Lost: true, Err: err}
	}
	return nil, err
}

// logical reads a number in hexadecimal digits that Parse has checked; 0 when there is none.
func logical(s string) iso13400.Address {
	n, _ := strconv.ParseUint(s, 16, 16)
	return iso13400.Address(n)
}
