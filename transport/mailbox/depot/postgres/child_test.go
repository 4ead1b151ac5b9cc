package postgres

const childURL = "TACIT_DEPOT_URL"

func child() int { return 0 }
