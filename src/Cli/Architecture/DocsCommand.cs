using System.CommandLine;
using ModularMonolith.Architecture.Reports.Pages;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm docs</c>: the reference, made from the code. Exit code 0: it is written, or as it should be; 1: it is not; 2: it cannot be told.</summary>
internal static class DocsCommand
{
    private static readonly Option<bool> Check = new("--check") { Description = "Write nothing, and fail when a page is not as the code has it." };

    public static Command Create()
    {
        var command = new Command("docs", $"Writes {ReferencePages.Folder}: a page for each module, the catalogue of events, the overview; and the diagrams in {ReferencePages.ModulePages}.") { Check };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(() => RunAsync(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = await Checkout.ReadAsync(parsed, cancellationToken);
        var root = context.Graph.Root;
        var pages = ReferencePages.Write(context.Graph);
        var drift = ReferencePages.Compare(root, pages);
        if (parsed.GetValue(Check))
        {
            foreach (var one in drift)
            {
                await Console.Error.WriteLineAsync(one.ToString());
            }

            Console.WriteLine(drift.Count == 0 ? $"The reference is as the code: {pages.Count} pages." : "The reference is not as the code any more. Run build/mm docs, and commit what it writes.");
            return drift.Count == 0 ? 0 : 1;
        }

        foreach (var one in drift)
        {
            var file = Path.Combine(root, one.Path);
            if (pages.TryGetValue(one.Path, out var page))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, page, cancellationToken);
                Console.WriteLine($"{one.Path}: written");
            }
            else
            {
                File.Delete(file);
                Console.WriteLine($"{one.Path}: belongs to no module any more, removed");
            }
        }

        Console.WriteLine(drift.Count == 0 ? "The reference is as it was." : "Look at the pages, and commit them with the change.");
        return 0;
    }
}
