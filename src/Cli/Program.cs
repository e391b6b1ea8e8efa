using System.CommandLine;
using ModularMonolith.Cli.Log;

var root = new RootCommand("The modular monolith's command line.") { LogCommands.Create() };
return await root.Parse(args).InvokeAsync();
