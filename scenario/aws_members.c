/* The members AWS's own service models know, as facts: names only. A member that is a structure, or
 * a list of structures, names its shape after '='. Sources: the request and reply shapes of
 * RequestSpotFleet, DescribeSpotFleetRequests, CreateAutoScalingGroup, DescribeAutoScalingGroups,
 * CreateLaunchConfiguration, DescribeLaunchConfigurations, CreateLaunchTemplate,
 * DescribeLaunchTemplateVersions, CreateService, DescribeServices, RegisterTaskDefinition,
 * DescribeTaskDefinition, RegisterScalableTarget, PutScalingPolicy and PutMetricAlarm (these with
 * their Describe calls) in botocore 1.43's models of ec2 (2016-11-15), autoscaling (2011-01-01),
 * ecs (2014-11-13), application-autoscaling (2016-02-06) and cloudwatch (2010-08-01); where request
 * and reply differ, the union. "Launch" is a launch configuration's and a launch template's data
 * together. Shapes with equal members share a name.
 */
#include "scenario/aws_members.h"

#include <stdlib.h>
#include <string.h>

struct shape {
    const char *name;
    const char *members; /* comma-separated */
};

/* Sorted by name. */
static const struct shape shapes[] = {
    {"AcceleratorCount", "Max,Min"},
    {"Alarm", "AlarmARN,AlarmName"},
    {"AlarmPromQLCriteria", "PendingPeriod,Query,RecoveryPeriod"},
    {"AutoScalingGroup",
     "AutoScalingGroupARN,AutoScalingGroupName,"
     "AvailabilityZoneDistribution=AvailabilityZoneDistribution,AvailabilityZoneIds,"
     "AvailabilityZoneImpairmentPolicy=AvailabilityZoneImpairmentPolicy,"
     "AvailabilityZones,CapacityRebalance,"
     "CapacityReservationSpecification=CapacityReservationSpecification,Context,"
     "CreatedTime,DefaultCooldown,DefaultInstanceWarmup,DeletionProtection,"
     "DesiredCapacity,DesiredCapacityType,EnabledMetrics=EnabledMetric,"
     "HealthCheckGracePeriod,HealthCheckType,InstanceId,"
     "InstanceLifecyclePolicy=InstanceLifecyclePolicy,"
     "InstanceMaintenancePolicy=InstanceMaintenancePolicy,Instances=Instance,"
     "LaunchConfigurationName,LaunchTemplate=FleetLaunchTemplateSpecification,"
     "LifecycleHookSpecificationList=LifecycleHookSpecification,LoadBalancerNames,"
     "MaxInstanceLifetime,MaxSize,MinSize,MixedInstancesPolicy=MixedInstancesPolicy,"
     "NewInstancesProtectedFromScaleIn,PlacementGroup,PredictedCapacity,"
     "ServiceLinkedRoleARN,SkipZonalShiftValidation,Status,"
     "SuspendedProcesses=SuspendedProcess,Tags=Tag2,TargetGroupARNs,"
     "TerminationPolicies,TrafficSources=TrafficSourceIdentifier,VPCZoneIdentifier,"
     "WarmPoolConfiguration=WarmPoolConfiguration,WarmPoolSize"},
    {"AvailabilityZoneDistribution", "CapacityDistributionStrategy"},
    {"AvailabilityZoneImpairmentPolicy", "ImpairedZoneHealthCheckBehavior,ZonalShiftEnabled"},
    {"BaselinePerformanceFactors", "Cpu=CpuPerformanceFactor"},
    {"BlockDeviceMapping", "DeviceName,Ebs=EbsBlockDevice,NoDevice,VirtualName"},
    {"BlockDeviceMapping2", "DeviceName,Ebs=Ebs,NoDevice,VirtualName"},
    {"CapacityReservationSpecification", "CapacityReservationPreference,"
                                         "CapacityReservationTarget=CapacityReservationTarget"},
    {"CapacityReservationTarget", "CapacityReservationIds,CapacityReservationResourceGroupArns"},
    {"CapacityReservationTarget2", "CapacityReservationId,CapacityReservationResourceGroupArn"},
    {"ClassicLoadBalancer", "Name"},
    {"ClassicLoadBalancersConfig", "ClassicLoadBalancers=ClassicLoadBalancer"},
    {"ConnectionTrackingSpecification", "TcpEstablishedTimeout,UdpStreamTimeout,UdpTimeout"},
    {"CpuPerformanceFactor", "References=PerformanceFactorReference"},
    {"CreditSpecification", "CpuCredits"},
    {"CustomizedMetricSpecification",
     "Dimensions=Dimension,MetricName,Metrics=TargetTrackingMetricDataQuery,"
     "Namespace,Statistic,Unit"},
    {"Dimension", "Name,Value"},
    {"Ebs", "DeleteOnTermination,EbsCardIndex,Encrypted,Iops,KmsKeyId,SnapshotId,Throughput,"
            "VolumeInitializationRate,VolumeSize,VolumeType"},
    {"EbsBlockDevice",
     "AvailabilityZone,AvailabilityZoneId,DeleteOnTermination,EbsCardIndex,Encrypted,"
     "Iops,KmsKeyId,OutpostArn,SnapshotId,Throughput,VolumeInitializationRate,"
     "VolumeSize,VolumeType"},
    {"EcsAdvancedConfiguration",
     "alternateTargetGroupArn,productionListenerRule,roleArn,testListenerRule"},
    {"EcsAttribute", "name,targetId,targetType,value"},
    {"EcsAwsVpcConfiguration", "assignPublicIp,securityGroups,subnets"},
    {"EcsCanaryConfiguration", "canaryBakeTimeInMinutes,canaryPercent"},
    {"EcsCapacityProviderStrategyItem", "base,capacityProvider,weight"},
    {"EcsContainerDefinition",
     "command,cpu,credentialSpecs,dependsOn=EcsContainerDependency,disableNetworking,"
     "dnsSearchDomains,dnsServers,dockerLabels,dockerSecurityOptions,entryPoint,"
     "environment=EcsKeyValuePair,environmentFiles=EcsEnvironmentFile,essential,"
     "extraHosts=EcsHostEntry,firelensConfiguration=EcsFirelensConfiguration,"
     "healthCheck=EcsHealthCheck,hostname,image,interactive,links,"
     "linuxParameters=EcsLinuxParameters,logConfiguration=EcsLogConfiguration,memory,"
     "memoryReservation,mountPoints=EcsMountPoint,name,portMappings=EcsPortMapping,"
     "privileged,pseudoTerminal,readonlyRootFilesystem,"
     "repositoryCredentials=EcsRepositoryCredentials,"
     "resourceRequirements=EcsEnvironmentFile,restartPolicy=EcsContainerRestartPolicy,"
     "secrets=EcsSecret,startTimeout,stopTimeout,systemControls=EcsSystemControl,"
     "ulimits=EcsUlimit,user,versionConsistency,volumesFrom=EcsVolumeFrom,"
     "workingDirectory"},
    {"EcsContainerDependency", "condition,containerName"},
    {"EcsContainerRestartPolicy", "enabled,ignoredExitCodes,restartAttemptPeriod"},
    {"EcsDeploymentAlarms", "alarmNames,enable,rollback"},
    {"EcsDeploymentCircuitBreaker", "enable,rollback"},
    {"EcsDeploymentConfiguration",
     "alarms=EcsDeploymentAlarms,bakeTimeInMinutes,"
     "canaryConfiguration=EcsCanaryConfiguration,"
     "deploymentCircuitBreaker=EcsDeploymentCircuitBreaker,"
     "lifecycleHooks=EcsDeploymentLifecycleHook,"
     "linearConfiguration=EcsLinearConfiguration,maximumPercent,minimumHealthyPercent,"
     "strategy"},
    {"EcsDeploymentController", "type"},
    {"EcsDeploymentLifecycleHook",
     "hookDetails,hookTargetArn,lifecycleStages,roleArn,targetType,"
     "timeoutConfiguration=EcsDeploymentLifecycleHookTimeoutConfiguration"},
    {"EcsDeploymentLifecycleHookTimeoutConfiguration", "action,timeoutInMinutes"},
    {"EcsDevice", "containerPath,hostPath,permissions"},
    {"EcsDockerVolumeConfiguration", "autoprovision,driver,driverOpts,labels,scope"},
    {"EcsEBSTagSpecification", "propagateTags,resourceType,tags=EcsTag"},
    {"EcsEFSAuthorizationConfig", "accessPointId,iam"},
    {"EcsEFSVolumeConfiguration",
     "authorizationConfig=EcsEFSAuthorizationConfig,fileSystemId,rootDirectory,"
     "transitEncryption,transitEncryptionPort"},
    {"EcsEnvironmentFile", "type,value"},
    {"EcsEphemeralStorage", "sizeInGiB"},
    {"EcsFSxWindowsFileServerAuthorizationConfig", "credentialsParameter,domain"},
    {"EcsFSxWindowsFileServerVolumeConfiguration",
     "authorizationConfig=EcsFSxWindowsFileServerAuthorizationConfig,fileSystemId,"
     "rootDirectory"},
    {"EcsFirelensConfiguration", "options,type"},
    {"EcsHealthCheck", "command,interval,retries,startPeriod,timeout"},
    {"EcsHostEntry", "hostname,ipAddress"},
    {"EcsHostVolumeProperties", "sourcePath"},
    {"EcsInferenceAccelerator", "deviceName,deviceType"},
    {"EcsKernelCapabilities", "add,drop"},
    {"EcsKeyValuePair", "name,value"},
    {"EcsLinearConfiguration", "stepBakeTimeInMinutes,stepPercent"},
    {"EcsLinuxParameters",
     "capabilities=EcsKernelCapabilities,devices=EcsDevice,initProcessEnabled,maxSwap,"
     "sharedMemorySize,swappiness,tmpfs=EcsTmpfs"},
    {"EcsLoadBalancer",
     "advancedConfiguration=EcsAdvancedConfiguration,containerName,containerPort,"
     "loadBalancerName,targetGroupArn"},
    {"EcsLogConfiguration", "logDriver,options,secretOptions=EcsSecret"},
    {"EcsMountPoint", "containerPath,readOnly,sourceVolume"},
    {"EcsNetworkConfiguration", "awsvpcConfiguration=EcsAwsVpcConfiguration"},
    {"EcsPlacementConstraint", "expression,type"},
    {"EcsPlacementStrategy", "field,type"},
    {"EcsPortMapping", "appProtocol,containerPort,containerPortRange,hostPort,name,protocol"},
    {"EcsProxyConfiguration", "containerName,properties=EcsKeyValuePair,type"},
    {"EcsRepositoryCredentials", "credentialsParameter"},
    {"EcsRuntimePlatform", "cpuArchitecture,operatingSystemFamily"},
    {"EcsS3FilesVolumeConfiguration",
     "accessPointArn,fileSystemArn,rootDirectory,transitEncryptionPort"},
    {"EcsSecret", "name,valueFrom"},
    {"EcsService",
     "availabilityZoneRebalancing,"
     "capacityProviderStrategy=EcsCapacityProviderStrategyItem,clientToken,cluster,"
     "clusterArn,createdAt,createdBy,currentServiceDeployment,currentServiceRevisions,"
     "deploymentConfiguration=EcsDeploymentConfiguration,"
     "deploymentController=EcsDeploymentController,deployments,desiredCount,"
     "enableECSManagedTags,enableExecuteCommand,events,healthCheckGracePeriodSeconds,"
     "launchType,loadBalancers=EcsLoadBalancer,"
     "networkConfiguration=EcsNetworkConfiguration,pendingCount,"
     "placementConstraints=EcsPlacementConstraint,"
     "placementStrategy=EcsPlacementStrategy,platformFamily,platformVersion,"
     "propagateTags,resourceManagementType,role,roleArn,runningCount,"
     "schedulingStrategy,serviceArn,"
     "serviceConnectConfiguration=EcsServiceConnectConfiguration,serviceName,"
     "serviceRegistries=EcsServiceRegistry,status,tags=EcsTag,taskDefinition,taskSets,"
     "volumeConfigurations=EcsServiceVolumeConfiguration,"
     "vpcLatticeConfigurations=EcsVpcLatticeConfiguration"},
    {"EcsServiceConnectAccessLogConfiguration", "format,includeQueryParameters"},
    {"EcsServiceConnectClientAlias",
     "dnsName,port,testTrafficRules=EcsServiceConnectTestTrafficRules"},
    {"EcsServiceConnectConfiguration",
     "accessLogConfiguration=EcsServiceConnectAccessLogConfiguration,enabled,"
     "logConfiguration=EcsLogConfiguration,namespace,"
     "services=EcsServiceConnectService"},
    {"EcsServiceConnectService",
     "clientAliases=EcsServiceConnectClientAlias,discoveryName,ingressPortOverride,"
     "portName,timeout=EcsTimeoutConfiguration,tls=EcsServiceConnectTlsConfiguration"},
    {"EcsServiceConnectTestTrafficHeaderMatchRules", "exact"},
    {"EcsServiceConnectTestTrafficHeaderRules",
     "name,value=EcsServiceConnectTestTrafficHeaderMatchRules"},
    {"EcsServiceConnectTestTrafficRules", "header=EcsServiceConnectTestTrafficHeaderRules"},
    {"EcsServiceConnectTlsCertificateAuthority", "awsPcaAuthorityArn"},
    {"EcsServiceConnectTlsConfiguration",
     "issuerCertificateAuthority=EcsServiceConnectTlsCertificateAuthority,kmsKey,"
     "roleArn"},
    {"EcsServiceManagedEBSVolumeConfiguration",
     "encrypted,filesystemType,iops,kmsKeyId,roleArn,sizeInGiB,snapshotId,"
     "tagSpecifications=EcsEBSTagSpecification,throughput,volumeInitializationRate,"
     "volumeType"},
    {"EcsServiceRegistry", "containerName,containerPort,port,registryArn"},
    {"EcsServiceVolumeConfiguration",
     "managedEBSVolume=EcsServiceManagedEBSVolumeConfiguration,name"},
    {"EcsSystemControl", "namespace,value"},
    {"EcsTag", "key,value"},
    {"EcsTaskDefinition",
     "compatibilities,containerDefinitions=EcsContainerDefinition,cpu,"
     "deleteRequestedAt,deregisteredAt,enableFaultInjection,"
     "ephemeralStorage=EcsEphemeralStorage,executionRoleArn,family,"
     "inferenceAccelerators=EcsInferenceAccelerator,ipcMode,memory,networkMode,"
     "pidMode,placementConstraints=EcsPlacementConstraint,"
     "proxyConfiguration=EcsProxyConfiguration,registeredAt,registeredBy,"
     "requiresAttributes=EcsAttribute,requiresCompatibilities,revision,"
     "runtimePlatform=EcsRuntimePlatform,status,tags=EcsTag,taskDefinitionArn,"
     "taskRoleArn,volumes=EcsVolume"},
    {"EcsTimeoutConfiguration", "idleTimeoutSeconds,perRequestTimeoutSeconds"},
    {"EcsTmpfs", "containerPath,mountOptions,size"},
    {"EcsUlimit", "hardLimit,name,softLimit"},
    {"EcsVolume",
     "configuredAtLaunch,dockerVolumeConfiguration=EcsDockerVolumeConfiguration,"
     "efsVolumeConfiguration=EcsEFSVolumeConfiguration,"
     "fsxWindowsFileServerVolumeConfiguration=EcsFSxWindowsFileServerVolumeConfiguration,"
     "host=EcsHostVolumeProperties,name,"
     "s3filesVolumeConfiguration=EcsS3FilesVolumeConfiguration"},
    {"EcsVolumeFrom", "readOnly,sourceContainer"},
    {"EcsVpcLatticeConfiguration", "portName,roleArn,targetGroupArn"},
    {"ElasticGpuSpecification", "Type"},
    {"EnaSrdSpecification", "EnaSrdEnabled,EnaSrdUdpSpecification=EnaSrdUdpSpecification"},
    {"EnaSrdUdpSpecification", "EnaSrdUdpEnabled"},
    {"EnabledMetric", "Granularity,Metric"},
    {"EvaluationCriteria", "PromQLCriteria=AlarmPromQLCriteria"},
    {"FleetLaunchTemplateSpecification", "LaunchTemplateId,LaunchTemplateName,Version"},
    {"GroupIdentifier", "GroupId,GroupName"},
    {"IamInstanceProfileSpecification", "Arn,Name"},
    {"Instance", "AvailabilityZone,AvailabilityZoneId,HealthStatus,ImageId,InstanceId,"
                 "InstanceType,LaunchConfigurationName,"
                 "LaunchTemplate=FleetLaunchTemplateSpecification,LifecycleState,"
                 "ProtectedFromScaleIn,WeightedCapacity"},
    {"InstanceIpv6Address", "Ipv6Address,IsPrimaryIpv6"},
    {"InstanceLifecyclePolicy", "RetentionTriggers=RetentionTriggers"},
    {"InstanceMaintenancePolicy", "MaxHealthyPercentage,MinHealthyPercentage"},
    {"InstanceMetadataOptions", "HttpEndpoint,HttpProtocolIpv6,HttpPutResponseHopLimit,HttpTokens,"
                                "InstanceMetadataTags,State"},
    {"InstanceNetworkInterfaceSpecification",
     "AssociateCarrierIpAddress,AssociatePublicIpAddress,"
     "ConnectionTrackingSpecification=ConnectionTrackingSpecification,"
     "DeleteOnTermination,Description,DeviceIndex,EnaQueueCount,"
     "EnaSrdSpecification=EnaSrdSpecification,Groups,InterfaceType,Ipv4PrefixCount,"
     "Ipv4Prefixes=Ipv4PrefixSpecification,Ipv6AddressCount,"
     "Ipv6Addresses=InstanceIpv6Address,Ipv6PrefixCount,"
     "Ipv6Prefixes=Ipv6PrefixSpecification,NetworkCardIndex,NetworkInterfaceId,"
     "PrimaryIpv6,PrivateIpAddress,PrivateIpAddresses=PrivateIpAddressSpecification,"
     "SecondaryPrivateIpAddressCount,SubnetId"},
    {"InstanceRequirements",
     "AcceleratorCount=AcceleratorCount,AcceleratorManufacturers,AcceleratorNames,"
     "AcceleratorTotalMemoryMiB=AcceleratorCount,AcceleratorTypes,"
     "AllowedInstanceTypes,BareMetal,BaselineEbsBandwidthMbps=AcceleratorCount,"
     "BaselinePerformanceFactors=BaselinePerformanceFactors,BurstablePerformance,"
     "CpuManufacturers,ExcludedInstanceTypes,InstanceGenerations,LocalStorage,"
     "LocalStorageTypes,MaxSpotPriceAsPercentageOfOptimalOnDemandPrice,"
     "MemoryGiBPerVCpu=AcceleratorCount,MemoryMiB=AcceleratorCount,"
     "NetworkBandwidthGbps=AcceleratorCount,NetworkInterfaceCount=AcceleratorCount,"
     "OnDemandMaxPricePercentageOverLowestPrice,RequireEncryptionInTransit,"
     "RequireHibernateSupport,SpotMaxPricePercentageOverLowestPrice,"
     "TotalLocalStorageGB=AcceleratorCount,VCpuCount=AcceleratorCount"},
    {"InstanceRequirements2",
     "AcceleratorCount=AcceleratorCount,AcceleratorManufacturers,AcceleratorNames,"
     "AcceleratorTotalMemoryMiB=AcceleratorCount,AcceleratorTypes,"
     "AllowedInstanceTypes,BareMetal,BaselineEbsBandwidthMbps=AcceleratorCount,"
     "BaselinePerformanceFactors=BaselinePerformanceFactors,BurstablePerformance,"
     "CpuManufacturers,ExcludedInstanceTypes,InstanceGenerations,LocalStorage,"
     "LocalStorageTypes,MaxSpotPriceAsPercentageOfOptimalOnDemandPrice,"
     "MemoryGiBPerVCpu=AcceleratorCount,MemoryMiB=AcceleratorCount,"
     "NetworkBandwidthGbps=AcceleratorCount,NetworkInterfaceCount=AcceleratorCount,"
     "OnDemandMaxPricePercentageOverLowestPrice,RequireHibernateSupport,"
     "SpotMaxPricePercentageOverLowestPrice,TotalLocalStorageGB=AcceleratorCount,"
     "VCpuCount=AcceleratorCount"},
    {"InstanceReusePolicy", "ReuseOnScaleIn"},
    {"InstancesDistribution",
     "OnDemandAllocationStrategy,OnDemandBaseCapacity,"
     "OnDemandPercentageAboveBaseCapacity,SpotAllocationStrategy,SpotInstancePools,"
     "SpotMaxPrice"},
    {"Ipv4PrefixSpecification", "Ipv4Prefix"},
    {"Ipv6PrefixSpecification", "Ipv6Prefix"},
    {"Launch", "AssociatePublicIpAddress,BlockDeviceMappings=BlockDeviceMapping2,"
               "CapacityReservationSpecification=LaunchTemplateCapacityReservationSpecification,"
               "ClassicLinkVPCId,ClassicLinkVPCSecurityGroups,"
               "CpuOptions=LaunchTemplateCpuOptions,CreatedTime,"
               "CreditSpecification=CreditSpecification,DisableApiStop,DisableApiTermination,"
               "EbsOptimized,ElasticGpuSpecifications=ElasticGpuSpecification,"
               "ElasticInferenceAccelerators=LaunchTemplateElasticInferenceAccelerator,"
               "EnclaveOptions=SpotFleetMonitoring,"
               "HibernationOptions=LaunchTemplateHibernationOptions,"
               "IamInstanceProfile=IamInstanceProfileSpecification,ImageId,InstanceId,"
               "InstanceInitiatedShutdownBehavior,"
               "InstanceMarketOptions=LaunchTemplateInstanceMarketOptions,"
               "InstanceMonitoring=SpotFleetMonitoring,"
               "InstanceRequirements=InstanceRequirements,InstanceType,KernelId,KeyName,"
               "LaunchConfigurationARN,LaunchConfigurationName,"
               "LicenseSpecifications=LaunchTemplateLicenseConfiguration,"
               "MaintenanceOptions=LaunchTemplateInstanceMaintenanceOptions,"
               "MetadataOptions=InstanceMetadataOptions,Monitoring=SpotFleetMonitoring,"
               "NetworkInterfaces=InstanceNetworkInterfaceSpecification,"
               "NetworkPerformanceOptions=LaunchTemplateNetworkPerformanceOptions,"
               "Operator=Operator,Placement=LaunchTemplatePlacement,PlacementTenancy,"
               "PrivateDnsNameOptions=LaunchTemplatePrivateDnsNameOptions,RamDiskId,RamdiskId,"
               "SecondaryInterfaces=LaunchTemplateInstanceSecondaryInterfaceSpecification,"
               "SecurityGroupIds,SecurityGroups,SpotPrice,"
               "TagSpecifications=SpotFleetTagSpecification,UserData"},
    {"LaunchTemplate", "LaunchTemplateSpecification=FleetLaunchTemplateSpecification,"
                       "Overrides=LaunchTemplateOverrides2"},
    {"LaunchTemplateCapacityReservationSpecification",
     "CapacityReservationPreference,"
     "CapacityReservationTarget=CapacityReservationTarget2"},
    {"LaunchTemplateConfig", "LaunchTemplateSpecification=FleetLaunchTemplateSpecification,"
                             "Overrides=LaunchTemplateOverrides"},
    {"LaunchTemplateCpuOptions", "AmdSevSnp,CoreCount,NestedVirtualization,ThreadsPerCore"},
    {"LaunchTemplateElasticInferenceAccelerator", "Count,Type"},
    {"LaunchTemplateHibernationOptions", "Configured"},
    {"LaunchTemplateInstanceMaintenanceOptions", "AutoRecovery"},
    {"LaunchTemplateInstanceMarketOptions",
     "MarketType,SpotOptions=LaunchTemplateSpotMarketOptions"},
    {"LaunchTemplateInstanceSecondaryInterfaceSpecification",
     "DeleteOnTermination,DeviceIndex,InterfaceType,NetworkCardIndex,"
     "PrivateIpAddressCount,"
     "PrivateIpAddresses=SecondaryInterfacePrivateIpAddressSpecification,"
     "SecondarySubnetId"},
    {"LaunchTemplateLicenseConfiguration", "LicenseConfigurationArn"},
    {"LaunchTemplateNetworkPerformanceOptions", "BandwidthWeighting"},
    {"LaunchTemplateOverrides",
     "AvailabilityZone,AvailabilityZoneId,InstanceRequirements=InstanceRequirements,"
     "InstanceType,Priority,SpotPrice,SubnetId,WeightedCapacity"},
    {"LaunchTemplateOverrides2",
     "ImageId,InstanceRequirements=InstanceRequirements2,InstanceType,"
     "LaunchTemplateSpecification=FleetLaunchTemplateSpecification,WeightedCapacity"},
    {"LaunchTemplatePlacement",
     "Affinity,AvailabilityZone,AvailabilityZoneId,GroupId,GroupName,HostId,"
     "HostResourceGroupArn,PartitionNumber,SpreadDomain,Tenancy"},
    {"LaunchTemplatePrivateDnsNameOptions",
     "EnableResourceNameDnsAAAARecord,EnableResourceNameDnsARecord,HostnameType"},
    {"LaunchTemplateSpotMarketOptions",
     "BlockDurationMinutes,InstanceInterruptionBehavior,MaxPrice,SpotInstanceType,"
     "ValidUntil"},
    {"LifecycleHookSpecification",
     "DefaultResult,HeartbeatTimeout,LifecycleHookName,LifecycleTransition,"
     "NotificationMetadata,NotificationTargetARN,RoleARN"},
    {"LoadBalancersConfig", "ClassicLoadBalancersConfig=ClassicLoadBalancersConfig,"
                            "TargetGroupsConfig=TargetGroupsConfig"},
    {"Metric", "Dimensions=Dimension,MetricName,Namespace"},
    {"MetricDataQuery", "AccountId,Expression,Id,Label,MetricStat=MetricStat,Period,ReturnData"},
    {"MetricStat", "Metric=Metric,Period,Stat,Unit"},
    {"MixedInstancesPolicy",
     "InstancesDistribution=InstancesDistribution,LaunchTemplate=LaunchTemplate"},
    {"Operator", "HiddenByDefault,Managed,Principal"},
    {"PerformanceFactorReference", "InstanceFamily"},
    {"PredefinedMetricSpecification", "PredefinedMetricType,ResourceLabel"},
    {"PrivateIpAddressSpecification", "Primary,PrivateIpAddress"},
    {"PutMetricAlarmInput",
     "ActionsEnabled,AlarmActions,AlarmArn,AlarmConfigurationUpdatedTimestamp,"
     "AlarmDescription,AlarmName,ComparisonOperator,DatapointsToAlarm,"
     "Dimensions=Dimension,EvaluateLowSampleCountPercentile,"
     "EvaluationCriteria=EvaluationCriteria,EvaluationInterval,EvaluationPeriods,"
     "EvaluationState,ExtendedStatistic,InsufficientDataActions,MetricName,"
     "Metrics=MetricDataQuery,Namespace,OKActions,Period,StateReason,StateReasonData,"
     "StateTransitionedTimestamp,StateUpdatedTimestamp,StateValue,Statistic,Tags=Tag,"
     "Threshold,ThresholdMetricId,TreatMissingData,Unit"},
    {"RetentionTriggers", "TerminateHookAbandon"},
    {"ScalableTarget", "CreationTime,MaxCapacity,MinCapacity,PredictedCapacity,ResourceId,RoleARN,"
                       "ScalableDimension,ScalableTargetARN,ServiceNamespace,"
                       "SuspendedState=SuspendedState,Tags"},
    {"ScalingPolicy",
     "Alarms=Alarm,CreationTime,PolicyARN,PolicyName,PolicyType,"
     "PredictiveScalingPolicyConfiguration,ResourceId,ScalableDimension,"
     "ServiceNamespace,StepScalingPolicyConfiguration=StepScalingPolicyConfiguration,"
     "TargetTrackingScalingPolicyConfiguration=TargetTrackingScalingPolicyConfiguration"},
    {"SecondaryInterfacePrivateIpAddressSpecification", "PrivateIpAddress"},
    {"SpotCapacityRebalance", "ReplacementStrategy,TerminationDelay"},
    {"SpotFleetLaunchSpecification",
     "AddressingType,BlockDeviceMappings=BlockDeviceMapping,EbsOptimized,"
     "IamInstanceProfile=IamInstanceProfileSpecification,ImageId,"
     "InstanceRequirements=InstanceRequirements,InstanceType,KernelId,KeyName,"
     "Monitoring=SpotFleetMonitoring,"
     "NetworkInterfaces=InstanceNetworkInterfaceSpecification,Placement=SpotPlacement,"
     "RamdiskId,SecurityGroups=GroupIdentifier,SpotPrice,SubnetId,"
     "TagSpecifications=SpotFleetTagSpecification,UserData,WeightedCapacity"},
    {"SpotFleetMonitoring", "Enabled"},
    {"SpotFleetRequestConfigData",
     "AllocationStrategy,ClientToken,Context,ExcessCapacityTerminationPolicy,"
     "FulfilledCapacity,IamFleetRole,InstanceInterruptionBehavior,"
     "InstancePoolsToUseCount,LaunchSpecifications=SpotFleetLaunchSpecification,"
     "LaunchTemplateConfigs=LaunchTemplateConfig,"
     "LoadBalancersConfig=LoadBalancersConfig,OnDemandAllocationStrategy,"
     "OnDemandFulfilledCapacity,OnDemandMaxTotalPrice,OnDemandTargetCapacity,"
     "ReplaceUnhealthyInstances,SpotMaintenanceStrategies=SpotMaintenanceStrategies,"
     "SpotMaxTotalPrice,SpotPrice,TagSpecifications=SpotFleetTagSpecification,"
     "TargetCapacity,TargetCapacityUnitType,TerminateInstancesWithExpiration,Type,"
     "ValidFrom,ValidUntil"},
    {"SpotFleetTagSpecification", "ResourceType,Tags=Tag"},
    {"SpotMaintenanceStrategies", "CapacityRebalance=SpotCapacityRebalance"},
    {"SpotPlacement", "AvailabilityZone,AvailabilityZoneId,GroupName,Tenancy"},
    {"StepAdjustment", "MetricIntervalLowerBound,MetricIntervalUpperBound,ScalingAdjustment"},
    {"StepScalingPolicyConfiguration",
     "AdjustmentType,Cooldown,MetricAggregationType,MinAdjustmentMagnitude,"
     "StepAdjustments=StepAdjustment"},
    {"SuspendedProcess", "ProcessName,SuspensionReason"},
    {"SuspendedState",
     "DynamicScalingInSuspended,DynamicScalingOutSuspended,ScheduledScalingSuspended"},
    {"Tag", "Key,Value"},
    {"Tag2", "Key,PropagateAtLaunch,ResourceId,ResourceType,Value"},
    {"TargetGroup", "Arn"},
    {"TargetGroupsConfig", "TargetGroups=TargetGroup"},
    {"TargetTrackingMetricDataQuery",
     "Expression,Id,Label,MetricStat=TargetTrackingMetricStat,ReturnData"},
    {"TargetTrackingMetricStat", "Metric=Metric,Stat,Unit"},
    {"TargetTrackingScalingPolicyConfiguration",
     "CustomizedMetricSpecification=CustomizedMetricSpecification,DisableScaleIn,"
     "PredefinedMetricSpecification=PredefinedMetricSpecification,ScaleInCooldown,"
     "ScaleOutCooldown,TargetValue"},
    {"TrafficSourceIdentifier", "Identifier,Type"},
    {"WarmPoolConfiguration",
     "InstanceReusePolicy=InstanceReusePolicy,MaxGroupPreparedCapacity,MinSize,"
     "PoolState,Status"},
};

struct wanted {
    const char *name;
    size_t length;
};

static int compare_shape(const void *key, const void *element)
{
    const struct wanted *wanted = key;
    const struct shape *shape = element;
    int order = strncmp(wanted->name, shape->name, wanted->length);
    return order ? order : -(shape->name[wanted->length] != '\0');
}

static const char *shape_members(const char *name, size_t length)
{
    const struct wanted wanted = {name, length};
    const struct shape *found =
        bsearch(&wanted, shapes, sizeof shapes / sizeof shapes[0], sizeof shapes[0], compare_shape);
    return found ? found->members : NULL;
}

const char *aws_shape(const char *name)
{
    return shape_members(name, strlen(name));
}

/* The next member, without what it holds: *out_whole is its length with that, its name before a '='
 * included. */
static bool next_name(const char **cursor, struct aws_member *out_member, size_t *out_whole)
{
    const char *at = *cursor;
    if (!at || !*at)
        return false;
    size_t name = strcspn(at, "=,");
    *out_whole = at[name] == '=' ? strcspn(at, ",") : name;
    *out_member = (struct aws_member){.name = at, .length = name};
    *cursor = at + *out_whole + (at[*out_whole] == ',');
    return true;
}

static void see_what_it_holds(struct aws_member *member, size_t whole)
{
    if (member->length < whole)
        member->members =
            shape_members(member->name + member->length + 1, whole - member->length - 1);
}

bool aws_member_next(const char **cursor, struct aws_member *out_member)
{
    size_t whole = 0;
    if (!next_name(cursor, out_member, &whole))
        return false;
    see_what_it_holds(out_member, whole);
    return true;
}

bool aws_member_find(const char *members, const char *name, struct aws_member *out_member)
{
    size_t length = strlen(name);
    if (!members || length == 0 || strpbrk(name, "=,"))
        return false;
    /* Shapes have dozens of members: look for the name rather than at each of them. */
    for (const char *at = strstr(members, name); at; at = strstr(at + 1, name)) {
        size_t whole = 0;
        bool begins = at == members || at[-1] == ',';
        if (!begins || !strchr("=,", at[length]))
            continue;
        next_name(&at, out_member, &whole);
        see_what_it_holds(out_member, whole);
        return true;
    }
    return false;
}
