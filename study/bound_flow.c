/* Network simplex: a spanning tree of arcs, strongly feasible, so that it cannot cycle
 * (Cunningham 1976); arcs that enter are looked for block by block. */
#include "bound_flow.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

enum arc_state { AT_CAPACITY = -1, IN_TREE = 0, AT_ZERO = 1 };

enum { NO_NODE = -1 };

/* Where a node hangs in the tree. */
struct hanging {
    int32_t parent;
    int32_t depth;
    int32_t first_child;
    int32_t next; /* siblings */
    int32_t previous;
    bool up; /* its arc leads from it to its parent */
    size_t arc;
};

struct simplex {
    int32_t root;
    struct flow_arc *arcs; /* the network's, then one between each node and the root */
    size_t arc_count;
    size_t own_count; /* the network's */
    int64_t *flow;
    signed char *state;
    struct hanging *nodes;
    int64_t *potentials; /* apart: the search for an arc reads nothing else of the nodes */
    size_t next_arc;     /* where the search for an arc goes on */
    size_t block;
};

/* A pivot: the cycle that the entering arc closes, and where the tree is cut. */
struct pivot {
    size_t arc;
    int32_t join;
    int32_t enters; /* end of the arc in what is cut off */
    int32_t stays;  /* its other end */
    int32_t cut;    /* the node whose arc leaves; NO_NODE if the entering arc fills first */
    int64_t amount;
};

void flow_set_up(struct flow_network *network, int32_t node_count)
{
    *network = (struct flow_network){.node_count = node_count,
                                     .supply = memory_new((size_t)node_count, sizeof(int64_t))};
}

void flow_clean_up(struct flow_network *network)
{
    free(network->supply);
    free(network->arcs);
    *network = (struct flow_network){0};
}

void flow_add_arc(struct flow_network *network, const struct flow_arc *arc)
{
    if (arc->source != arc->target)
        ARRAY_PUSH(network->arcs, network->arc_count, network->arc_capacity, *arc);
}

static void hang(struct simplex *simplex, int32_t node, int32_t parent)
{
    struct hanging *here = &simplex->nodes[node];
    struct hanging *above = &simplex->nodes[parent];
    here->parent = parent;
    here->previous = NO_NODE;
    here->next = above->first_child;
    if (here->next != NO_NODE)
        simplex->nodes[here->next].previous = node;
    above->first_child = node;
}

static void unhang(struct simplex *simplex, int32_t node)
{
    const struct hanging *here = &simplex->nodes[node];
    if (here->previous == NO_NODE)
        simplex->nodes[here->parent].first_child = here->next;
    else
        simplex->nodes[here->previous].next = here->next;
    if (here->next != NO_NODE)
        simplex->nodes[here->next].previous = here->previous;
}

/* All supplies go to the root, and all demands come from there, at a price that drives them off. */
static void begin(struct simplex *simplex, const struct flow_network *network, int64_t dearest)
{
    size_t nodes = (size_t)network->node_count;
    simplex->root = network->node_count;
    simplex->own_count = network->arc_count;
    simplex->arc_count = network->arc_count + nodes;
    simplex->arcs = memory_new(simplex->arc_count, sizeof *simplex->arcs);
    simplex->flow = memory_new(simplex->arc_count, sizeof *simplex->flow);
    simplex->state = memory_new(simplex->arc_count, 1);
    simplex->nodes = memory_new(nodes + 1, sizeof *simplex->nodes);
    simplex->potentials = memory_new(nodes + 1, sizeof *simplex->potentials);
    for (size_t a = 0; a < network->arc_count; a++) {
        simplex->arcs[a] = network->arcs[a];
        simplex->state[a] = AT_ZERO;
    }
    simplex->nodes[simplex->root] =
        (struct hanging){.parent = NO_NODE, .first_child = NO_NODE, .next = NO_NODE};
    for (int32_t n = 0; n < network->node_count; n++) {
        bool up = network->supply[n] >= 0;
        size_t a = network->arc_count + (size_t)n;
        int64_t cost = network->supply[n] == 0 ? 0 : dearest;
        simplex->arcs[a] =
            (struct flow_arc){up ? n : simplex->root, up ? simplex->root : n, cost, FLOW_UNLIMITED};
        simplex->flow[a] = up ? network->supply[n] : -network->supply[n];
        simplex->nodes[n] =
            (struct hanging){.depth = 1, .first_child = NO_NODE, .up = up, .arc = a};
        simplex->potentials[n] = up ? -cost : cost;
        hang(simplex, n, simplex->root);
    }
    simplex->block = 8;
    while (1024 * simplex->block * simplex->block < simplex->arc_count)
        simplex->block *= 2;
}

static int64_t reduced_cost(const struct simplex *simplex, size_t a)
{
    const struct flow_arc *arc = &simplex->arcs[a];
    return simplex->state[a] *
           (arc->cost + simplex->potentials[arc->source] - simplex->potentials[arc->target]);
}

/* The arc of the next block that saves most by entering. False if none does: it is solved. */
static bool find_entering(struct simplex *simplex, size_t *out_arc)
{
    int64_t best = 0;
    size_t left = simplex->block;
    size_t a = simplex->next_arc;
    for (size_t seen = 0; seen < simplex->arc_count; seen++) {
        int64_t saving = reduced_cost(simplex, a);
        if (saving < best) {
            best = saving;
            *out_arc = a;
        }
        a = a + 1 < simplex->arc_count ? a + 1 : 0;
        if (--left == 0) {
            if (best < 0)
                break;
            left = simplex->block;
        }
    }
    simplex->next_arc = a;
    return best < 0;
}

static int32_t find_join(const struct simplex *simplex, int32_t a, int32_t b)
{
    while (a != b) {
        if (simplex->nodes[a].depth >= simplex->nodes[b].depth)
            a = simplex->nodes[a].parent;
        else
            b = simplex->nodes[b].parent;
    }
    return a;
}

/* How much more the node's arc can carry towards its parent (`up`) or from it. */
static int64_t room(const struct simplex *simplex, int32_t node, bool up)
{
    const struct hanging *here = &simplex->nodes[node];
    if (here->up != up)
        return simplex->flow[here->arc];
    int64_t capacity = simplex->arcs[here->arc].capacity;
    return capacity == FLOW_UNLIMITED ? FLOW_UNLIMITED : capacity - simplex->flow[here->arc];
}

/* Of the arcs that stop the flow round the cycle, the last one as the flow goes, seen from the
 * join: that keeps the tree strongly feasible. */
static struct pivot find_leaving(const struct simplex *simplex, size_t a)
{
    const struct flow_arc *arc = &simplex->arcs[a];
    bool forward = simplex->state[a] == AT_ZERO;
    int32_t first = forward ? arc->source : arc->target;
    int32_t second = forward ? arc->target : arc->source;
    struct pivot pivot = {.arc = a,
                          .join = find_join(simplex, first, second),
                          .cut = NO_NODE,
                          .amount = arc->capacity};
    for (int32_t n = first; n != pivot.join; n = simplex->nodes[n].parent) {
        int64_t here = room(simplex, n, false);
        if (here < pivot.amount) {
            pivot.amount = here;
            pivot.cut = n;
            pivot.enters = first;
            pivot.stays = second;
        }
    }
    for (int32_t n = second; n != pivot.join; n = simplex->nodes[n].parent) {
        int64_t here = room(simplex, n, true);
        if (here <= pivot.amount) {
            pivot.amount = here;
            pivot.cut = n;
            pivot.enters = second;
            pivot.stays = first;
        }
    }
    return pivot;
}

static void push_flow(struct simplex *simplex, const struct pivot *pivot)
{
    const struct flow_arc *arc = &simplex->arcs[pivot->arc];
    int64_t amount = simplex->state[pivot->arc] * pivot->amount;
    if (amount == 0)
        return;
    simplex->flow[pivot->arc] += amount;
    for (int32_t n = arc->source; n != pivot->join; n = simplex->nodes[n].parent)
        simplex->flow[simplex->nodes[n].arc] += simplex->nodes[n].up ? -amount : amount;
    for (int32_t n = arc->target; n != pivot->join; n = simplex->nodes[n].parent)
        simplex->flow[simplex->nodes[n].arc] += simplex->nodes[n].up ? amount : -amount;
}

/* Hang what was cut off from the other end of the entering arc, with the arc's end on top. */
static void hang_anew(struct simplex *simplex, const struct pivot *pivot)
{
    int32_t node = pivot->enters;
    int32_t parent = pivot->stays;
    size_t arc = pivot->arc;
    bool up = simplex->arcs[arc].source == node;
    for (;;) {
        struct hanging was = simplex->nodes[node];
        unhang(simplex, node);
        hang(simplex, node, parent);
        simplex->nodes[node].arc = arc;
        simplex->nodes[node].up = up;
        if (node == pivot->cut)
            return;
        parent = node;
        node = was.parent;
        arc = was.arc;
        up = !was.up;
    }
}

/* Depths and potentials of what now hangs from `top`. */
static void renew(struct simplex *simplex, int32_t top)
{
    int64_t cost = simplex->arcs[simplex->nodes[top].arc].cost;
    int64_t shift = simplex->potentials[simplex->nodes[top].parent] +
                    (simplex->nodes[top].up ? -cost : cost) - simplex->potentials[top];
    for (int32_t n = top;;) {
        struct hanging *here = &simplex->nodes[n];
        simplex->potentials[n] += shift;
        here->depth = simplex->nodes[here->parent].depth + 1;
        if (here->first_child != NO_NODE) {
            n = here->first_child;
            continue;
        }
        while (n != top && simplex->nodes[n].next == NO_NODE)
            n = simplex->nodes[n].parent;
        if (n == top)
            return;
        n = simplex->nodes[n].next;
    }
}

static void turn(struct simplex *simplex, size_t arc)
{
    struct pivot pivot = find_leaving(simplex, arc);
    assert(pivot.amount < FLOW_UNLIMITED); /* else a cycle would cost less than nothing */
    push_flow(simplex, &pivot);
    if (pivot.cut == NO_NODE) {
        simplex->state[arc] = (signed char)-simplex->state[arc];
        return;
    }
    size_t leaves = simplex->nodes[pivot.cut].arc;
    simplex->state[arc] = IN_TREE;
    simplex->state[leaves] = simplex->flow[leaves] == 0 ? AT_ZERO : AT_CAPACITY;
    hang_anew(simplex, &pivot);
    renew(simplex, pivot.enters);
}

bool flow_solve(const struct flow_network *network, int64_t dearest, int128 *out_cost)
{
    struct simplex simplex = {0};
    size_t arc = 0;
    begin(&simplex, network, dearest);
    while (find_entering(&simplex, &arc))
        turn(&simplex, arc);
    bool carried = true;
    *out_cost = 0;
    for (size_t a = 0; a < simplex.own_count; a++)
        *out_cost += (int128)simplex.flow[a] * simplex.arcs[a].cost;
    for (size_t a = simplex.own_count; a < simplex.arc_count; a++)
        carried = carried && (simplex.flow[a] == 0 || simplex.arcs[a].cost == 0);
    free(simplex.arcs);
    free(simplex.flow);
    free(simplex.state);
    free(simplex.nodes);
    free(simplex.potentials);
    return carried;
}
