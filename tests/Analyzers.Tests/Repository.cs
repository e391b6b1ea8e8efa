namespace ModularMonolith.Analyzers.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(static () =>
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ModularMonolith.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds ModularMonolith.sln. Run the tests from a checkout.");
    });

    public static string Root => Found.Value;
}
