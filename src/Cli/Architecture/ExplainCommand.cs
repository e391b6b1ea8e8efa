using System.CommandLine;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm explain A B</c>: why A reaches B.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> From = new("from") { Description = "A module by its folder, an assembly, or a type by its simple or full name." };
    private static readonly Argument<string> To = new("to") { Description = "Likewise." };

    public static Command Create()
    {
        var command = new Command("explain", "Prints why one part of the code reaches another: every direct link, or the shortest chain.") { From, To };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(async () =>
        {
            var context = await Checkout.ReadAsync(parsed, cancellationToken);
            Console.Write(Explanation.Write(context.Graph, parsed.GetValue(From)!, parsed.GetValue(To)!));
            return 0;
        }));
        return command;
    }
}
