module languages

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.257.0
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/example-owner/cdk-sagemaker-async-inference-go/cdksagemakerasyncinference v0.1.0
)
