package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/pb"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
)

// ErrMetricsAddr says that figures would be shown to others than this computer.
var ErrMetricsAddr = errors.New("metrics only on a loopback address")

// metrics counts what happens at a node: totals only, and no label whose values come
// from outside.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec // by kind and status, both of the protocol
	talks    *prometheus.CounterVec // by how they ended
	refused  *prometheus.CounterVec // by the limit that refused
	waiting  prometheus.Gauge
	deposits prometheus.Histogram

	circuits, reservations prometheus.Gauge
	relayed                prometheus.Counter
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "tacit_node", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "tacit_node", Name: name, Help: help})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("requests_total", "Requests answered, by kind and by the status that was answered.", "kind", "status"),
		talks:    counter("talks_total", "Conversations, by how they ended.", "end"),
		refused:  counter("refused_total", "What was turned away before a request was read, by the limit that did.", "limit"),
		waiting:  gauge("waiting", "Fetches that wait for a cell."),
		deposits: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "tacit_node", Name: "deposit_seconds",
			Help: "Time from a deposit to its verdict, durable.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 12)}),
		circuits:     gauge("circuits", "Circuits that are relayed now."),
		reservations: gauge("reservations", "Clients that can be reached over a circuit."),
		relayed:      prometheus.NewCounter(prometheus.CounterOpts{Namespace: "tacit_node", Name: "relayed_bytes_total", Help: "Bytes relayed over circuits."}),
	}
	m.registry.MustRegister(m.requests, m.talks, m.refused, m.waiting, m.deposits, m.circuits, m.reservations, m.relayed)
	return m
}

// answered counts the answer to a request.
func (m *metrics) answered(q mailbox.Request, a mailbox.Answer) {
	status := "ok"
	if d, ok := a.(*mailbox.Done); ok {
		status = statuses[d.Status&3]
	}
	m.requests.WithLabelValues(kindOf(q), status).Inc()
}

var statuses = [4]string{"ok", "refused", "later", "nothing"}

// kindOf names a request's kind.
func kindOf(q mailbox.Request) string {
	switch q.(type) {
	case *mailbox.Put:
		return "put"
	case *mailbox.Look:
		return "look"
	case *mailbox.LeaveCell:
		return "leave_cell"
	case *mailbox.ReadCell:
		return "read_cell"
	case *mailbox.Forward:
		return "forward"
	case *mailbox.Login:
		return "login"
	case *mailbox.Fetch:
		return "fetch"
	case *mailbox.PutLot:
		return "put_lot"
	case *mailbox.DropLot:
		return "drop_lot"
	case *mailbox.Presences:
		return "presence"
	case *mailbox.Register:
		return "register"
	}
	return "leave"
}

// open adds what is asked for when the figures are shown.
func (m *metrics) open(peers, tunnels func() int, d depot.Depot) {
	m.registry.MustRegister(
		openNow("peers", "Peers that are connected.", peers),
		openNow("tunnels", "Ways to other nodes that are open.", tunnels),
		stored{d})
}

func openNow(name, help string, f func() int) prometheus.Collector {
	opts := prometheus.GaugeOpts{Namespace: "tacit_node", Name: name, Help: help}
	return prometheus.NewGaugeFunc(opts, func() float64 { return float64(f()) })
}

// stored shows the totals of a depot.
type stored struct{ depot.Depot }

var storedFigures = []struct {
	desc  *prometheus.Desc
	value func(depot.Stats) int64
}{
	{prometheus.NewDesc("tacit_node_accounts", "Accounts.", nil, nil), func(s depot.Stats) int64 { return s.Accounts }},
	{prometheus.NewDesc("tacit_node_lots", "Lots of tokens.", nil, nil), func(s depot.Stats) int64 { return s.Lots }},
	{prometheus.NewDesc("tacit_node_cells", "Cells that wait.", nil, nil), func(s depot.Stats) int64 { return s.Cells }},
	{prometheus.NewDesc("tacit_node_cell_bytes", "Bytes of the cells that wait.", nil, nil), func(s depot.Stats) int64 { return s.Bytes }},
}

// Describe is of prometheus.Collector.
func (stored) Describe(to chan<- *prometheus.Desc) {
	for _, f := range storedFigures {
		to <- f.desc
	}
}

// Collect shows nothing while the depot cannot say.
func (s stored) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), metricsTime)
	defer cancel()
	stats, err := s.Stats(ctx)
	if err != nil {
		return
	}
	for _, f := range storedFigures {
		to <- prometheus.MustNewConstMetric(f.desc, prometheus.GaugeValue, float64(f.value(stats)))
	}
}

// serve shows the figures over HTTP on a loopback address until ctx ends. ErrMetricsAddr.
func (m *metrics) serve(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	s := &http.Server{
		Handler: mux, ReadHeaderTimeout: metricsTime, ReadTimeout: metricsTime, WriteTimeout: metricsTime,
		IdleTimeout: metricsTime, MaxHeaderBytes: 16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.Serve(l); ctx.Err() == nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// listenMetrics opens the port for figures. ErrMetricsAddr.
func listenMetrics(addr string) (net.Listener, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, ErrMetricsAddr
	}
	l, err := net.Listen("tcp", at.String())
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return l, nil
}

// The relay tells its figures so.
var _ relay.MetricsTracer = (*metrics)(nil)

func (m *metrics) RelayStatus(bool)               {}
func (m *metrics) ConnectionOpened()              { m.circuits.Inc() }
func (m *metrics) ConnectionClosed(time.Duration) { m.circuits.Dec() }
func (m *metrics) ReservationClosed(n int)        { m.reservations.Sub(float64(n)) }
func (m *metrics) BytesTransferred(n int)         { m.relayed.Add(float64(n)) }

func (m *metrics) ReservationAllowed(renewed bool) {
	if !renewed {
		m.reservations.Inc()
	}
}

func (m *metrics) ConnectionRequestHandled(s pb.Status) {
	if s != pb.Status_OK {
		m.refused.WithLabelValues("circuit").Inc()
	}
}

func (m *metrics) ReservationRequestHandled(s pb.Status) {
	if s != pb.Status_OK {
		m.refused.WithLabelValues("reservation").Inc()
	}
}
