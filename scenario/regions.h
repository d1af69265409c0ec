/* Zones to regions. */
#ifndef SCENARIO_REGIONS_H
#define SCENARIO_REGIONS_H

enum { REGION_TEXT_SIZE = 64 };

/* The region of a zone's name ("us-east-1a", "us-west-2-lax-1a") or id ("use1-az4"), written to
 * out_region; "" if it looks like neither. Returns out_region. */
const char *region_of_zone(const char *zone, char out_region[REGION_TEXT_SIZE]);

#endif
