package postgres

import "time"

const (
	// batchMost deposits joined into one transaction: 2 MiB of small cells.
	batchMost = 512

	// batchWorkers: while the database works on one batch the next is made ready.
	batchWorkers = 2

	// connections of one front end, unless the URL says otherwise. Each is a process of the database.
	connections = 12

	// patience with a database that does not answer, for one request: a busy one may take seconds.
	patience = 20 * time.Second

	// connectPatience is that with a computer that does not.
	connectPatience = 5 * time.Second

	// attempts at a transaction that the database broke off because of others.
	attempts = 5

	// dropPatience: while a partition waits to be dropped everything waits behind it, so it
	// gives way, for a dump for instance, and is dropped the next time.
	dropPatience = 500 * time.Millisecond

	// sweepAccounts is how many accounts one transaction locks to let cells get old.
	sweepAccounts = 200

	// noticeEvery is how often other front ends are told of what arrived, all at once.
	noticeEvery = 20 * time.Millisecond

	// noticeMost names fit into one notice: it may have 8000 bytes, a name is 11.
	noticeMost = 700

	// listenAgain after the database was away.
	listenAgain = time.Second

	// lockMigrate, lockDays and lockAdmit are advisory locks: "tacit" and a number.
	lockMigrate = 0x7461636974_01
	lockDays    = 0x7461636974_02
	lockAdmit   = 0x7461636974_03
)
