# An example: the role of the bastion host that runs datascrubber, the security group of its workspaces, and a key.

variable "vpc_id" {
  description = "VPC of the bastion host and the workspaces"
  type        = string
}

variable "bastion_security_group_id" {
  description = "Security group of the bastion host"
  type        = string
}

variable "receiving_account_ids" {
  description = "AWS accounts that scrubbed snapshots are shared with"
  type        = list(string)
}

variable "export_bucket" {
  description = "Bucket of --s3-export; empty: no dumps"
  type        = string
  default     = ""
}

variable "export_prefix" {
  description = "What the dumps' names begin with in that bucket"
  type        = string
  default     = "datascrubber"
}

data "aws_caller_identity" "this" {}

resource "aws_iam_role" "datascrubber" {
  name = "datascrubber"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# Finds and reads production's snapshots. Narrow "snapshot:*" down where not every instance is to be scrubbed.
resource "aws_iam_role_policy" "reader" {
  name   = "reader"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/reader.json")
}

# Makes, uses and deletes workspaces and scrubbed snapshots; bound to their names and tags.
resource "aws_iam_role_policy" "workspace" {
  name   = "workspace"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/workspace.json")
}

# Only for --kms-key.
resource "aws_iam_role_policy" "reencrypt" {
  name   = "reencrypt"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/reencrypt.json")
}

# Only for the command parameter-group and --isolate.
resource "aws_iam_role_policy" "isolate" {
  name   = "isolate"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/isolate.json")
}

# Only for --fresh-snapshot.
resource "aws_iam_role_policy" "fresh" {
  name   = "fresh"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/fresh.json")
}

# Only for --final-snapshot create.
resource "aws_iam_role_policy" "create" {
  name   = "create"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/create.json")
}

# Only for --copy-to.
resource "aws_iam_role_policy" "copy" {
  name   = "copy"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/copy.json")
}

# Only for --refresh.
resource "aws_iam_role_policy" "refresh" {
  name   = "refresh"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/refresh.json")
}

# Only for --rebuild.
resource "aws_iam_role_policy" "rebuild" {
  name   = "rebuild"
  role   = aws_iam_role.datascrubber.id
  policy = file("${path.module}/../iam/rebuild.json")
}

# Only for --s3-export: the dumps' place, and the use of its key.
resource "aws_iam_role_policy" "export" {
  count = var.export_bucket == "" ? 0 : 1

  name   = "export"
  role   = aws_iam_role.datascrubber.id
  policy = replace(replace(file("${path.module}/../iam/export.json"), "BUCKET", var.export_bucket), "PREFIX", var.export_prefix)
}

resource "aws_iam_instance_profile" "datascrubber" {
  name = "datascrubber"
  role = aws_iam_role.datascrubber.name
}

# For --security-groups: only the bastion host gets at a workspace, and a workspace at nothing.
resource "aws_security_group" "workspace" {
  name   = "datascrubber-workspace"
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "workspace" {
  for_each = { mysql = 3306, postgresql = 5432 }

  security_group_id            = aws_security_group.workspace.id
  referenced_security_group_id = var.bastion_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

# Snapshots that are encrypted by AWS's default key can't be shared: production has to use a key such as this one.
resource "aws_kms_key" "databases" {
  description         = "RDS instances whose scrubbed snapshots are shared"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administer"
        Effect    = "Allow"
        Action    = "kms:*"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.this.account_id}:root" }
        Resource  = "*"
      },
      {
        Sid       = "ReceiversUse"
        Effect    = "Allow"
        Action    = ["kms:DescribeKey", "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
        Principal = { AWS = [for id in var.receiving_account_ids : "arn:aws:iam::${id}:root"] }
        Resource  = "*"
      },
      {
        Sid       = "ReceiversLetRdsUse"
        Effect    = "Allow"
        Action    = "kms:CreateGrant"
        Principal = { AWS = [for id in var.receiving_account_ids : "arn:aws:iam::${id}:root"] }
        Resource  = "*"
        Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
      },
    ]
  })
}

output "workspace_security_group_id" {
  value = aws_security_group.workspace.id
}
