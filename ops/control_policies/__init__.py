"""What the service control policies of an organisation would deny a deployment.

``asked`` tells what a deployment asks of AWS, ``attached`` which policies stand over an account,
``verdict`` what they say of it, by ``condition`` where a statement has one. IAM's own simulator
needs a role, which is not there before the deployment, and leaves out policies with conditions,
which nearly all that deny by region have.

References:
    - https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""
