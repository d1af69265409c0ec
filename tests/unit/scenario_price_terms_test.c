/* `prices`: what is read, what is refused.
 *
 * Proves docs/model.md, "Discounts, prepaid instances, volumes and addresses".
 */
#include "scenario_fixture.h"

#include "base/decimal.h"

static void all_terms(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "prices={\"on_demand_discount_permille\":250,\"spot_discount_permille\":1,"
             "\"prepaid_instances\":3,\"volume_gib\":30.5,\"volume_usd_per_gib_month\":\"0.08\","
             "\"address_usd_per_hour\":0.005}");
    assert_int_equal(s.price_terms.on_demand_discount_permille, 250);
    assert_int_equal(s.price_terms.spot_discount_permille, 1);
    assert_int_equal(s.price_terms.prepaid_instances, 3);
    assert_int_equal(s.price_terms.volume_gib_micro, 30500000);
    assert_int_equal(s.price_terms.volume_micro_usd_per_gib_month, 80000);
    assert_int_equal(s.price_terms.address_micro_usd_per_hour, 5000);
    /* List prices stay what they are. */
    assert_int_equal(s.group.on_demand_micro_usd, 252000);
    assert_non_null(strstr(s.resolved.data,
                           "\"prices\":{\"on_demand_discount_permille\":250,"
                           "\"spot_discount_permille\":1,\"prepaid_instances\":3,\"volume_gib\":"
                           "30.5,\"volume_usd_per_gib_month\":0.08,\"address_usd_per_hour\":"
                           "0.005}"));
    scenario_clean_up(&s);
}

static void none_by_default(void **state)
{
    (void)state;
    struct scenario s;
    expect_read(&s, NULL, 0);
    assert_int_equal(s.price_terms.prepaid_instances, 0);
    assert_null(strstr(s.resolved.data, "prepaid"));
    scenario_clean_up(&s);
    READ(&s, "prices={}");
    assert_non_null(strstr(s.resolved.data, "\"prepaid_instances\":0"));
    scenario_clean_up(&s);
}

static void refusals(void **state)
{
    (void)state;
    static const struct refused_set cases[] = {
        {"prices={\"on_demand_discount_permile\":3}",
         "did you mean \"on_demand_discount_permille\"?"},
        {"prices={\"on_demand_discount_permille\":1001}", "out of range"},
        {"prices={\"spot_discount_permille\":0.5}", "must be a whole number"},
        {"prices={\"prepaid_instances\":-1}", "out of range"},
        {"prices={\"volume_gib\":30}", "\"volume_usd_per_gib_month\" does not stand beside it"},
        {"prices={\"volume_usd_per_gib_month\":0.08}", "is the price of no volume"},
        {"prices={\"address_usd_per_hour\":0.0000001}", "six decimals"},
        {"prices=[]", "must be an object"},
    };
    expect_refusals(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_terms),
        cmocka_unit_test(none_by_default),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
