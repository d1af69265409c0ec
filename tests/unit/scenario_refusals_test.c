/* Everything a scenario is refused for: one row each, with what the user is told. */
#include "scenario_fixture.h"

struct row {
    const char *sets[4];
    const char *words; /* of the refusal */
};

static const struct row rows[] = {
    /* its own keys */
    {{"acount.join_delay_s=5"}, "unknown key \"acount\": did you mean \"account\"?"},
    {{"account.join_delay=5"}, "did you mean \"join_delay_s\"?"},
    {{"controller.guards.dryrun=true"}, "did you mean \"dry_run\"?"},
    {{"zzzzzz=1"}, "unknown key \"zzzzzz\""},
    {{"interruptions.sauce=none"}, "unknown key"},
    {{"measure.until=2015-03-13"}, "unknown key"},
    /* time */
    {{"from=2015-03-12T00:00:00"},
     "--set from=2015-03-12T00:00:00: \"2015-03-12T00:00:00\": the time has no zone: end it with Z "
     "if it is UTC"},
    {{"from=12.3.2015"}, "\"12.3.2015\": the time is not ISO 8601, such as 2015-03-12T00:00:00Z"},
    {{"from=1969-12-31"}, "\"1969-12-31\": the time is before 1970"},
    {{"from=12"}, "must be a string"},
    {{"to=2015-03-12"}, "is not after \"from\""},
    {{"to=2015-03-11"}, "is not after \"from\""},
    {{"to=2044-04-12"}, "29 years"},
    {{"measure.from=2015-03-11"}, "before the scenario's \"from\""},
    {{"measure.to=2015-03-14"}, "after the scenario's \"to\""},
    {{"measure.from=2015-03-12T05:00:00Z", "measure.to=2015-03-12T05:00:00Z"}, "not before"},
    {{"seed=-1"}, "out of range"},
    {{"seed=1.5"}, "whole number"},
    {{"start=hot"}, "not one of \"warm\", \"cold\""},
    {{"billing=monthly"}, "not one of"},
    {{"interruptions.source=weather"}, "not one of"},
    {{"name="}, "must not be empty"},
    /* traces */
    {{"traces=[]"}, "no traces"},
    {{"traces=[{\"prices\":{}}]"}, "no traces"},
    {{"traces=5"}, "must be a list"},
    {{"traces=[5]"}, "must be a path or an object"},
    {{"traces=[{}]"}, "neither"},
    {{"traces=[{\"prices\":{\"us-east-1a\":[]}}]"}, "not a market"},
    {{"traces=[{\"prices\":{\"us-east-1a/c3.xlarge\":[]}}]"}, "has no price"},
    {{"traces[1]={\"prices\":{\"us-east-1c/\":[[\"2015-03-01\",1]]}}"}, "not a market"},
    {{"traces[1]={\"prices\":{\"/c3.xlarge\":[[\"2015-03-01\",1]]}}"}, "not a market"},
    {{"name=\"\xff\""}, "not UTF-8"},
    {{"traces=[{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2015-03-01\"]]}}]"}, "pair"},
    {{"traces=[{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2015-03-01\",0]]}}]"}, "out of range"},
    {{"traces=[{\"prices\":{\"us-east-1a/"
      "c3.xlarge\":[[\"2015-03-01\",0.05],[\"2015-03-01\",1]]}}]"},
     "not after the time before"},
    {{"traces=[{\"prices\":{\"us-east-1a/"
      "c3.xlarge\":[[\"2015-03-02\",0.05],[\"2015-03-01\",1]]}}]"},
     "not after the time before"},
    {{"traces[1]={\"prices\":{\"us-east-1a/c3.xlarge/Linux/UNIX\":[[\"2015-03-01\",0.05]]}}"},
     "there twice"},
    {{"traces[0].interruptions=[{\"at\":\"2015-03-12\",\"zone\":\"us-east-1a\"}]"}, "no \"type\""},
    {{"traces[0].interruptions=[{\"at\":\"2015-03-12\",\"zone\":\"z\",\"type\":\"t\","
      "\"instances\":0}]"},
     "out of range"},
    {{"traces[0].interuptions=[]"}, "did you mean \"interruptions\"?"},
    {{"traces=[{\"synth\":{}}]"}, "no \"markets\""},
    {{"traces=[{\"synth\":{\"markets\":{}}}]"}, "names no market"},
    {{"traces=[{\"synth\":{\"markets\":{\"z/t\":-1}}}]"}, "out of range"},
    {{"traces=[{\"synth\":{\"markets\":{\"z/t\":1},\"base\":0.1234}}]"}, "three decimals"},
    {{"traces=[{\"synth\":{\"markets\":{\"z/t\":1},\"bases\":0.1}}]"}, "did you mean \"base\"?"},
    {{"traces=[{\"synth\":{\"markets\":{\"z/t\":1},\"from\":\"2015-03-12T01:00:00Z\"}}]"}, "after"},
    {{"traces=[\"no-such.db\"]",
      "spot_fleet.LaunchSpecifications[0]={\"InstanceType\":\"c3.xlarge\"}"},
     "no-such.db"},
    /* the fleet */
    {{"spot_fleet=null"}, "must be an object"},
    {{"spot_fleet=no-such-file.json"}, "no-such-file.json"},
    {{"spot_fleet=."}, "not a regular file"},
    {{"spot_fleet.TargetCapasity=3"},
     "AWS has no key \"TargetCapasity\" here: did you mean "
     "\"TargetCapacity\"?"},
    {{"spot_fleet.LaunchSpecifications[0].Ebs=1"}, "AWS has no key"},
    {{"spot_fleet.LaunchSpecifications[0].BlockDeviceMappings=[{\"Ebs\":{\"Sise\":8}}]"},
     "AWS has no key \"Sise\""},
    {{"spot_fleet.TargetCapacity=10001"}, "out of range"},
    {{"spot_fleet.TargetCapacity=-1"}, "out of range"},
    {{"spot_fleet.TargetCapacity=3.5"}, "whole number"},
    {{"spot_fleet.TargetCapacity=NaN"}, "whole number"},
    {{"spot_fleet.TargetCapacity=1e400"}, "whole number"},
    {{"spot_fleet.AllocationStrategy=capacityOptimizedPrioritized"}, "LaunchTemplateConfigs only"},
    {{"spot_fleet={\"TargetCapacity\":1,\"LaunchTemplateConfigs\":[{\"Overrides\":[{"
      "\"InstanceType\":\"c3.xlarge\",\"Priority\":0.5}]}]}"},
     "whole number"},
    {{"spot_fleet={\"TargetCapacity\":1,\"LaunchTemplateConfigs\":[{\"Overrides\":[{"
      "\"InstanceType\":\"c3.xlarge\",\"Priority\":-1}]}]}"},
     "out of range"},
    {{"spot_fleet.AllocationStrategy=cheapest"}, "unknown strategy \"cheapest\": AWS has"},
    {{"spot_fleet.Type=instant"}, "not simulated by this version"},
    {{"spot_fleet.Type=forever"}, "unknown type"},
    {{"cancel_spot_fleet={\"at\":\"2015-03-12T01:00:00Z\"}"}, "no \"TerminateInstances\""},
    {{"cancel_spot_fleet={\"TerminateInstances\":true}"}, "no \"at\""},
    {{"cancel_spot_fleet={\"at\":\"2015-03-12\",\"TerminateInstances\":true}"}, "is not after"},
    {{"cancel_spot_fleet={\"at\":\"2015-03-12T01:00:00Z\",\"TerminateInstance\":true}"},
     "did you mean \"TerminateInstances\""},
#define REBALANCE "spot_fleet.SpotMaintenanceStrategies.CapacityRebalance={"
    {{REBALANCE "}"}, "no ReplacementStrategy, which AWS requires"},
    {{"spot_fleet.SpotMaintenanceStrategies.CapacityRebalance=3"}, "must be an object"},
    {{REBALANCE "\"ReplacementStratgy\":\"launch\"}"}, "did you mean \"ReplacementStrategy\"?"},
    {{REBALANCE "\"ReplacementStrategy\":\"replace\"}"}, "not one of \"launch\""},
    {{REBALANCE "\"ReplacementStrategy\":\"launch\",\"TerminationDelay\":120}"},
     "with ReplacementStrategy \"launch-before-terminate\" only"},
    {{REBALANCE "\"ReplacementStrategy\":\"launch-before-terminate\"}"},
     "no TerminationDelay, which AWS requires"},
    {{REBALANCE "\"ReplacementStrategy\":\"launch-before-terminate\",\"TerminationDelay\":119}"},
     "119 is out of range: 120 to 7200"},
    {{REBALANCE "\"ReplacementStrategy\":\"launch-before-terminate\",\"TerminationDelay\":7201}"},
     "7201 is out of range: 120 to 7200"},
    {{REBALANCE "\"ReplacementStrategy\":\"launch\"}", "spot_fleet.Type=request"},
     "of Type \"maintain\" only"},
    {{"account.marked_fulfilled=2"}, "must be true or false"},
    {{"spot_fleet.OnDemandTargetCapacity=1"}, "LaunchTemplateConfigs only"},
    {{"spot_fleet.OnDemandTargetCapacity=33"}, "above TargetCapacity"},
    {{"spot_fleet.OnDemandTargetCapacity=-1"}, "out of range"},
    {{"spot_fleet.OnDemandAllocationStrategy=diversified"}, "OnDemandAllocationStrategy"},
    {{"spot_fleet.SpotMaxTotalPrice=\"0\""}, "out of range"},
    {{"spot_fleet.OnDemandMaxTotalPrice=\"much\""}, "not a decimal number"},
    {{"demand.units=1", "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\"}]"},
     "changes nothing"},
    {{"demand.units=1", "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\","
                        "\"OnDemandTargetCapacity\":1}]"},
     "LaunchTemplateConfigs only"},
    {{"demand.units=1", "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\","
                        "\"LaunchTemplateConfigs\":[]}]"},
     "not simulated by this version"},
    {{"spot_fleet.InstancePoolsToUseCount=2", "spot_fleet.AllocationStrategy=diversified"},
     "lowestPrice only"},
    {{"spot_fleet.InstancePoolsToUseCount=0"}, "out of range"},
    {{"traces[1]={\"capacity\":[{\"at\":\"2015-03-12\",\"zone\":\"us-east-1a\",\"type\":\"c3."
      "xlarge\"}]}"},
     "no \"instances\""},
    {{"traces[1]={\"capacity\":[{\"at\":\"2015-03-12\",\"zone\":\"z\",\"type\":\"t\",\"instances\":"
      "-1}]}"},
     "out of range"},
    {{"traces[1]={\"capacity\":[{\"at\":\"2015-03-12\",\"zone\":\"z\",\"type\":\"t\",\"instances\":"
      "1},"
      "{\"at\":\"2015-03-12\",\"zone\":\"z\",\"type\":\"t\",\"instances\":2}]}"},
     "is not after the one before it"},
    {{"traces[1]={\"interruptions\":[{\"at\":\"2015-03-12\",\"zone\":\"z\",\"type\":\"t\","
      "\"instances\":3,"
      "\"of\":2}]}"},
     "out of range"},
    {{"spot_fleet.InstanceInterruptionBehavior=stop"}, "not simulated by this version"},
    {{"spot_fleet.InstanceInterruptionBehavior=hibernate"}, "not simulated by this version"},
    {{"spot_fleet.InstanceInterruptionBehavior=explode"}, "unknown"},
    {{"spot_fleet.TargetCapacityUnitType=vcpu"}, "not simulated by this version"},
    {{"spot_fleet.ExcessCapacityTerminationPolicy=maybe"}, "not one of"},
    {{"spot_fleet.TerminateInstancesWithExpiration=1"}, "true or false"},
    {{"spot_fleet.ValidFrom=2015-03-13", "spot_fleet.ValidUntil=2015-03-12"}, "after ValidFrom"},
    {{"spot_fleet.SpotPrice=\"0\""}, "out of range"},
    {{"spot_fleet.SpotPrice=\"cheap\""}, "not a decimal number"},
    {{"spot_fleet.SpotPrice=\"0.0000001\""}, "more than six decimals"},
    {{"spot_fleet.LaunchSpecifications=[]"}, "nothing to launch"},
    {{"spot_fleet.LaunchSpecifications={}"}, "must be a list"},
    {{"spot_fleet.LaunchSpecifications[0]=5"}, "must be an object"},
    {{"spot_fleet.LaunchSpecifications[0].WeightedCapacity=0"}, "out of range"},
    {{"spot_fleet.LaunchSpecifications[0].WeightedCapacity=-4"}, "out of range"},
    {{"spot_fleet.LaunchSpecifications[0].WeightedCapacity=NaN"}, "not a decimal number"},
    {{"spot_fleet.LaunchSpecifications[0].WeightedCapacity=0.0000001"}, "more than six decimals"},
    {{"spot_fleet.LaunchSpecifications[0].WeightedCapacity=0.000001"},
     "more than 100000 instances"},
    {{"spot_fleet.LaunchSpecifications[0].SubnetId=subnet-x"},
     "the zone of subnet \"subnet-x\" is not known"},
    {{"spot_fleet.LaunchSpecifications[0].SubnetId=\" , \""}, "names no subnet"},
    {{"spot_fleet.LaunchSpecifications[0].SubnetId=\"subnet-a, subnet-a2\""},
     "one subnet per zone"},
    {{"spot_fleet.LaunchSpecifications[1]={\"InstanceType\":\"c3.xlarge\",\"SubnetId\":"
      "\"subnet-a2\"}"},
     "one subnet per zone"},
    {{"spot_fleet.LaunchSpecifications[0].Placement=us-east-1a"}, "must be an object"},
    {{"spot_fleet.LaunchSpecifications[0]={\"WeightedCapacity\":4}"}, "without InstanceType"},
    {{"spot_fleet.LaunchSpecifications[0]={\"InstanceType\":\"c9.xlarge\"}"},
     "the traces know no zone of c9.xlarge"},
    {{"spot_fleet.LaunchSpecifications[0].InstanceRequirements={\"VCpuCount\":{\"Min\":2}}"},
     "chosen by their attributes"},
    {{"spot_fleet.LaunchTemplateConfigs=[{\"Overrides\":[]}]"}, "exclude each other"},
    {{"spot_fleet={\"TargetCapacity\":1,\"LaunchTemplateConfigs\":[{\"Overrides\":[{\"SubnetId\":"
      "\"subnet-a\"}]}]}"},
     "override without InstanceType"},
    {{"spot_fleet={\"TargetCapacity\":1,\"LaunchTemplateConfigs\":[{"
      "\"LaunchTemplateSpecification\":"
      "{\"LaunchTemplateId\":\"lt-1\"}}]}"},
     "no Overrides"},
    {{"spot_fleet={\"SpotFleetRequestConfigs\":[]}"}, "holds 0 items"},
    {{"spot_fleet={\"SpotFleetRequestConfigs\":[{},{}]}"}, "holds 2 items"},
    {{"spot_fleet={\"SpotFleetRequestConfig\":{},\"Bogus\":1}"}, "unknown key \"Bogus\""},
    /* the backup */
    {{"backup_group.group.MaxSise=3"}, "did you mean \"MaxSize\"?"},
    {{"backup_group.group.MaxSize=-1"}, "out of range"},
    {{"backup_group.group.MinSize=201"}, "below MinSize"},
    {{"backup_group.group.DesiredCapacity=201"}, "outside MinSize"},
    {{"backup_group.group.DefaultCooldown=-1"}, "out of range"},
    {{"backup_group.group.VPCZoneIdentifier=subnet-x"}, "subnet-x"},
    {{"backup_group.group.MixedInstancesPolicy={}"}, "mixed_group"},
    {{"backup_group.launch.InstanceTipe=x"}, "did you mean \"InstanceType\"?"},
    {{"backup_group.launch={}"}, "no InstanceType"},
    {{"backup_group.launch.SpotPrice=\"0.1\""}, "an on-demand group"},
    {{"backup_group.launch.InstanceMarketOptions={\"MarketType\":\"spot\"}"}, "an on-demand group"},
    {{"backup_group.units_per_instance=0"}, "out of range"},
    {{"backup_group.units=4"}, "unknown key"},
    {{"backup_group={\"launch\":{\"InstanceType\":\"m4.xlarge\"}}"}, "no \"group\""},
    {{"backup_group.group={\"AutoScalingGroups\":[{},{}]}"}, "holds 2 items"},
    /* prices */
    {{"on_demand_usd_per_hour={}"}, "the on-demand price of m4.xlarge in us-east-1 is not known"},
    {{"on_demand_usd_per_hour={\"m4.xlarge\":0.252}", "spot_fleet.AllocationStrategy=diversified"},
     "the on-demand price of c3.xlarge in us-east-1 is not known"},
    {{"on_demand_usd_per_hour.m4.xlarge=-1"}, "out of range"},
    {{"on_demand_usd_per_hour.m4.xlarge=free"}, "not a decimal number"},
    {{"subnets.subnet-a=eu-west-1a", "backup_group.group.VPCZoneIdentifier=subnet-b"},
     "different regions"},
    /* demand */
    {{"demand={}"}, "exactly one of"},
    {{"demand={\"units\":3,\"series\":[]}"}, "exactly one of"},
    {{"demand.services=[]"}, "at least one service"},
    {{"demand.units=-1"}, "out of range"},
    {{"demand.series=[]"}, "says nothing about"},
    {{"demand.series=[[\"2015-03-12T01:00:00Z\",4]]"}, "says nothing about"},
    {{"demand.series=[[\"2015-03-12\",4],[\"2015-03-11\",4]]"}, "not after"},
    {{"demand.trace=web"}, "no demand series \"web\""},
    {{"modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\",\"TargetCapacity\":8}]"},
     "add \"demand\""},
    {{"modify_spot_fleet=follow-demand"}, "add \"demand\""},
    {{"modify_spot_fleet=follow"}, "follow-demand"},
    {{"modify_spot_fleet=follow-demand", "demand.units=32", "spot_fleet.Type=request"},
     "cannot be modified"},
    {{"modify_spot_fleet=follow-demand", "demand.units=10001"}, "exceeds 10000"},
    {{"modify_spot_fleet=[{\"at\":\"2015-03-11\",\"TargetCapacity\":8}]", "demand.units=32"},
     "before the scenario's \"from\""},
    {{"modify_spot_fleet=[{\"at\":\"2015-03-12\"}]", "demand.units=32"}, "no \"TargetCapacity\""},
    {{"modify_spot_fleet=[{\"at\":\"2015-03-12T02:00:00Z\",\"TargetCapacity\":8},"
      "{\"at\":\"2015-03-12T01:00:00Z\",\"TargetCapacity\":8}]",
      "demand.units=32"},
     "not after the one before"},
    /* account and controller */
    {{"account.join_delay_s=-1"}, "out of range"},
    {{"account.join_delay_s=86401"}, "out of range"},
    {{"account.join_delay_s=soon"}, "number of seconds"},
    {{"account.join_delay_s={\"distribution\":\"normal\"}"}, "not one of"},
    {{"account.join_delay_s={\"distribution\":\"uniform\",\"min_s\":5}"}, "no \"max_s\""},
    {{"account.join_delay_s={\"distribution\":\"uniform\",\"min_s\":5,\"max_s\":4}"},
     "out of range"},
    {{"account.join_delay_s={\"distribution\":\"uniform\",\"min_s\":5,\"mean_s\":6}"},
     "unknown key"},
    {{"account.join_delay_s={\"distribution\":\"empirical\",\"values_s\":[]}"}, "not be empty"},
    {{"account.join_delay_s={\"min_s\":1}"}, "no \"distribution\""},
    {{"account.fleet_tick_s=0"}, "out of range"},
    {{"account.metric_period_s=90"}, "multiple of 60"},
    {{"account.preset=fast"}, "not one of"},
    {{"account.replace_on=later"}, "not one of"},
    {{"account.price_lock=never"}, "not one of"},
    {{"controller.every_s=45"}, "neither divides 60"},
    {{"controller.phase_s=60"}, "not below every_s"},
    {{"controller.guards.max_step_instances=-1"}, "out of range"},
    {{"controller.guards.dry_run=yes"}, "true or false"},
    /* the policy */
    {{"policy.name=pending-capacty"}, "did you mean \"pending-capacity\"?"},
    {{"policy.name=xyzzy"}, "there are none, pending-capacity"},
    {{"policy.name=pending-capacity:sed"}, "has no preset \"sed\""},
    {{"policy.name=none:seed"}, "has no preset"},
    {{"policy.parameters.window=5"}, "did you mean \"window_s\"?"},
    {{"policy.parameters.window_s=59"}, "out of range"},
    {{"policy.parameters.statistic=Median"}, "not one of"},
    {{"policy.parameters.newest=1"}, "true or false"},
    {{"policy.parameters.window_s=null"}, "whole number"},
    {{"policy.parameters.period_s=90"}, "multiple of 60"},
    {{"policy.parameters.assumed_units=-1"}, "out of range"},
    {{"policy.parameters.lookback_s=86460"}, "out of range"},
    {{"policy={\"nane\":\"none\"}"}, "did you mean \"name\"?"},
};

static void each_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t count = 0;
        while (count < 4 && rows[i].sets[count])
            count++;
        expect_refusal(rows[i].sets, count, rows[i].words);
    }
}

/* What is missing is named. */
static void missing_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } texts[] = {
        {"{}", "no \"from\""},
        {"[]", "must be an object"},
        {"null", "must be an object"},
        {"7", "must be an object"},
        {"{\"from\":\"2015-01-01\"}", "no \"to\""},
        {"{\"from\":\"2015-01-01\",\"to\":\"2015-01-02\"}", "no traces"},
        {"{\"from\":\"2015-01-01\",\"to\":\"2015-01-02\",\"traces\":[\"t.db\"]}",
         "no \"spot_fleet\""},
        {"{\"from\":\"2015-01-01\",\"to\":\"2015-01-02\",\"traces\":[\"t.db\"],\"spot_fleet\":{}}",
         "no TargetCapacity"},
        {"{\"from\":\"2015-01-01\"", "t.json:1:"},
        {"", "t.json:1:1"},
        {"{\"from\":1,\"from\":2}", "there twice"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct scenario scenario;
        struct error err = {0};
        assert_int_equal(scenario_parse(&scenario, "t.json", ".", texts[i].text,
                                        strlen(texts[i].text), NULL, &err),
                         STATUS_BAD_INPUT);
        if (!strstr(err.text, texts[i].words))
            fail_msg("\"%s\" does not hold \"%s\"", err.text, texts[i].words);
    }
}

/* The place is that of the file, whatever was changed elsewhere. */
static void place_of_the_file(void **state)
{
    (void)state;
    static const char text[] = "{\"from\":\"2015-01-01\",\n \"to\":\"2015-01-02\",\n"
                               " \"traces\":[\"t.db\"],\n \"spot_fleet\":{\"TargetCapacity\":-5}}";
    const struct scenario_override set = {"account.join_delay_s", "5"};
    const struct scenario_options options = {.overrides = &set, .override_count = 1};
    struct scenario scenario;
    struct error err = {0};
    assert_int_equal(scenario_parse(&scenario, "t.json", ".", text, strlen(text), &options, &err),
                     STATUS_BAD_INPUT);
    assert_string_equal(err.text, "t.json:4:16: spot_fleet.TargetCapacity: -5 is out of range: 0 "
                                  "to 10000");
}

static void place_of_an_override(void **state)
{
    (void)state;
    static const char *const sets[] = {"account.join_delay_s=-5"};
    expect_refusal(sets, 1, "--set account.join_delay_s=-5: -5 is out of range: 0 to 86400");
    static const char *const deep[] = {"account.join_delay_s={\"distribution\":\"uniform\","
                                       "\"min_s\":-1,\"max_s\":4}"};
    expect_refusal(deep, 1, "min_s: -1 is out of range");
}

static void unknown_policy_option(void **state)
{
    (void)state;
    struct scenario scenario;
    struct error err;
    assert_int_equal(read_with(&scenario, NULL, 0, "nobody", &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "--policy nobody"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_refused),       cmocka_unit_test(missing_keys),
        cmocka_unit_test(place_of_the_file),     cmocka_unit_test(place_of_an_override),
        cmocka_unit_test(unknown_policy_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
