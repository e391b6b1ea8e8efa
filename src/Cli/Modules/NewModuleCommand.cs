using System.CommandLine;

namespace ModularMonolith.Cli.Modules;

/// <summary><c>mm new module Loyalty --owner team-growth</c>: a module that runs, is tested and can be looked at, in a folder of its own.</summary>
internal static class NewModuleCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The module's name, as its folder and namespace are called: Loyalty." };
    private static readonly Option<string> Owner = new("--owner") { Description = "The team that answers for it: team-growth.", Required = true };

    private static readonly Option<string> Purpose = new("--purpose")
    {
        Description = "One sentence: what it is for.",
        DefaultValueFactory = static _ => "Entries, each opened with a title and closed with a reason.",
    };

    public static Command Create()
    {
        var module = new Command("module", "Creates a module with one example slice, its Contracts and its tests. Nothing outside its folder changes but the solution.") { Name, Owner, Purpose };
        module.SetAction(static async (parsed, cancellationToken) =>
        {
            try
            {
                var module = new NewModule(parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Owner), parsed.GetRequiredValue(Purpose));
                var created = Repository.Above(Environment.CurrentDirectory).Add(module, cancellationToken);
                Console.WriteLine($"Created:\n  {string.Join("\n  ", created)}\n");
                Console.WriteLine($"Try it:\n  dotnet test modules/{module.Name}/{module.Name}.Tests\n  dotnet run --project src/Host\nThen replace the example with what the module is for: docs/adding-a-module.md says what each file does.");
                return 0;
            }
            catch (Exception exception) when (exception is NewModuleException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return new Command("new", "Creates what the repository is made of.") { module };
    }
}
