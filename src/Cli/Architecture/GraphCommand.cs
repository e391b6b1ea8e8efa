using System.CommandLine;
using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm graph</c>: the modules as the code has them, in five formats.</summary>
internal static class GraphCommand
{
    private static readonly Option<string> Format = new("--format") { Description = "mermaid, dot (Graphviz), c4 (PlantUML), json or svg.", DefaultValueFactory = static _ => "mermaid" };
    private static readonly Option<string?> Module = new("--module") { Description = "One module and those that it speaks with, by its folder or name." };
    private static readonly Option<string> Level = new("--level") { Description = "modules, contracts (each message) or types (of one module).", DefaultValueFactory = static _ => "modules" };
    private static readonly Option<string?> Output = new("--output") { Description = "A file to write; otherwise it is printed." };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("mermaid", "dot", "c4", "json", "svg");
        Level.AcceptOnlyFromAmong("modules", "contracts", "types");
        var command = new Command("graph", "Draws the modules and what they say to each other, from the compiled code. What breaks a rule is red.") { Format, Module, Level, Output };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(() => RunAsync(parsed, cancellationToken)));
        return command;
    }

    /// <summary>A module by its folder or name.</summary>
    /// <exception cref="ArchitectureException">There is none.</exception>
    public static Module ModuleOf(CodeGraph graph, string name) => graph.Modules.FirstOrDefault(module => string.Equals(module.Folder, name, StringComparison.OrdinalIgnoreCase) || module.Name == name)
        ?? throw new ArchitectureException($"There is no module {name}. There are {string.Join(", ", graph.Modules.Select(static module => module.Folder))}.");

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = await Checkout.ReadAsync(parsed, cancellationToken);
        var text = Write(DiagramOf(context, parsed), parsed.GetValue(Format));
        if (parsed.GetValue(Output) is { } file)
        {
            await File.WriteAllTextAsync(file, text, cancellationToken);
        }
        else
        {
            Console.Write(text);
        }

        return 0;
    }

    private static Diagram DiagramOf(RuleContext context, ParseResult parsed)
    {
        var module = parsed.GetValue(Module) is { } name ? ModuleOf(context.Graph, name) : null;
        switch (parsed.GetValue(Level))
        {
            case "contracts":
                return Diagrams.Contracts(context.Graph, Conversations.Of(context.Graph), module);
            case "types":
                return Diagrams.Types(context.Graph, module ?? throw new ArchitectureException("The types of all modules are too many for one picture. Name a module: --module Ordering."));
            default:
                var verification = Verifier.Run(context, BaselineSet.Empty, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
                return Diagrams.Modules(context.Graph, Conversations.Of(context.Graph), module, verification.Findings);
        }
    }

    private static string Write(Diagram diagram, string? format) => format switch
    {
        "dot" => DotFormat.Write(diagram),
        "c4" => C4Format.Write(diagram),
        "json" => JsonFormat.Write(diagram),
        "svg" => SvgFormat.Write(diagram),
        _ => MermaidFormat.Write(diagram),
    };
}
