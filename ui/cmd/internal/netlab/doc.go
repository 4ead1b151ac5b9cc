// Package netlab lays networks out of Linux's network namespaces, for programs that are to
// meet as over the internet on one machine.
//
//	host ---- segment ---- router ---- segment ---- host
//	10.0.1.2  10.0.1.0/24  10.0.1.1    the public   192.31.196.10
//	                       192.31.196.21
//
// A segment is a switch that may lose packets; a router translates addresses as routers at
// home do, and lets in only what answers. Addresses of 192.31.196.0/24 count as public, which
// 10.0.0.0/8 and the like do not; nothing of it leaves the machine. It takes root, and the
// programs ip and nft.
package netlab
