using System.CommandLine;
using ModularMonolith.Cli.Audit;
using ModularMonolith.Cli.Conformance;
using ModularMonolith.Cli.Contracts;
using ModularMonolith.Cli.Log;

var root = new RootCommand("The modular monolith's command line.") { LogCommands.Create(), AuditCommands.Create(), ContractCommands.Create(), ConformanceCommand.Create() };
return await root.Parse(args).InvokeAsync();
