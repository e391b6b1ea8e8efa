using System.CommandLine;
using ModularMonolith.Cli.Architecture;
using ModularMonolith.Cli.Audit;
using ModularMonolith.Cli.Conformance;
using ModularMonolith.Cli.Contracts;
using ModularMonolith.Cli.Log;
using ModularMonolith.Cli.Modules;

var root = new RootCommand("The modular monolith's command line.")
{
    VerifyCommand.Create(),
    ExplainCommand.Create(),
    BaselineCommand.Create(),
    NewModuleCommand.Create(),
    EdgesCommand.Create(),
    GraphCommand.Create(),
    DocsCommand.Create(),
    ImpactCommand.Create(),
    MetricsCommand.Create(),
    ContractCommands.Create(),
    ConformanceCommand.Create(),
    LogCommands.Create(),
    AuditCommands.Create(),
};
return await root.Parse(args).InvokeAsync();
