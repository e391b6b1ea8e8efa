using ModularMonolith.Cli.Modules;

namespace ModularMonolith.Cli.Tests;

/// <summary>A module is added to a repository: all of it, or nothing.</summary>
public sealed class RepositoryTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void All_files_of_a_module_are_written_and_nothing_else_but_the_solution_changes()
    {
        var before = _repository.Content();

        var created = _repository.Add("Raffles");

        var after = _repository.Content();
        Assert.Equal(
        [
            "Raffles.Contracts/Events/raffles.entry-closed.v1.json", "Raffles.Contracts/Raffles.Contracts.csproj", "Raffles.Contracts/RafflesEntryClosed.cs",
            "Raffles.Tests/EntryTests.cs", "Raffles.Tests/Raffles.Tests.csproj", "Raffles.Tests/RafflesHost.cs",
            "Raffles.access.txt", "Raffles.events.json", "Raffles.http", "Raffles.openapi.json", "Raffles.surface.txt",
            "Raffles/Entries/CloseRafflesEntry.cs", "Raffles/Entries/GetRafflesEntry.cs", "Raffles/Entries/ListRafflesEntries.cs", "Raffles/Entries/OpenRafflesEntry.cs", "Raffles/Entries/RafflesEntry.cs",
            "Raffles/Raffles.csproj", "Raffles/RafflesModule.cs",
        ], after.Where(static entry => entry.Value != "a folder").Select(static entry => entry.Key).Except(before.Keys).Select(static path => path["modules/Raffles/".Length..]));
        Assert.Equal(["ModularMonolith.sln"], before.Where(entry => after[entry.Key] != entry.Value).Select(static entry => entry.Key));
        Assert.All(created, path => Assert.True(File.Exists(Path.Combine(_repository.Root, path)), path));
        Assert.Equal(after.Count(static entry => entry.Value != "a folder") - before.Count(static entry => entry.Value != "a folder") + 1, created.Count);
        Assert.All(created.Where(static path => path.StartsWith("modules/", StringComparison.Ordinal)), path =>
        {
            Assert.DoesNotContain("__", path + _repository.Read(path), StringComparison.Ordinal);
            Assert.EndsWith("\n", _repository.Read(path), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_same_module_is_written_the_same_everywhere()
    {
        using var other = new ScratchRepository();

        _repository.Add("Raffles");
        other.Add("Raffles");

        Assert.Equal(_repository.Content(), other.Content());
    }

    [Theory]
    [InlineData("modules/Raffles/notes.txt")]
    [InlineData("modules/raffles/notes.txt")]
    [InlineData("modules/Raffles")]
    public void What_is_there_stays_as_it_is(string path)
    {
        _repository.Write(path, "mine");
        var before = _repository.Content();

        Assert.Contains("already", _repository.Refusal("Raffles"), StringComparison.Ordinal);

        Assert.Equal(before, _repository.Content());
    }

    [Fact]
    public void A_module_is_created_once()
    {
        _repository.Add("Raffles");
        var before = _repository.Content();

        Assert.Contains("There is modules/Raffles already", _repository.Refusal("Raffles"), StringComparison.Ordinal);

        Assert.Equal(before, _repository.Content());
    }

    [Fact]
    public void The_name_of_another_manifest_is_taken_also_when_its_folder_is_called_otherwise()
    {
        _repository.Write("modules/Rewards/Rewards/RewardsModule.cs", "[Module(\"raffles\", Owner = \"team-growth\", Purpose = \"Rewards.\")]");

        Assert.Contains("the manifest in modules/Rewards/Rewards/RewardsModule.cs has the name raffles", _repository.Refusal("Raffles"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_another_store_is_taken()
    {
        _repository.Write("src/Bridge/Store.cs", "internal interface IRafflesStore : IDocumentStore;");

        Assert.Contains("src/Bridge/Store.cs has a store IRafflesStore", _repository.Refusal("Raffles"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/Raffles/Raffles.csproj")]
    [InlineData("tests/Raffles.Tests/Raffles.Tests.csproj")]
    public void The_name_of_another_project_is_taken(string path)
    {
        _repository.Write(path, "<Project />");

        Assert.Contains(path, _repository.Refusal("Raffles"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task")]
    [InlineData("Guid")]
    [InlineData("Marten")]
    [InlineData("Entries")]
    [InlineData("Document")]
    [InlineData("Exception")]
    [InlineData("Dictionary")]
    public void A_name_that_every_file_uses_for_something_else_is_refused(string name) => Assert.Contains("with two meanings", _repository.Refusal(name), StringComparison.Ordinal);

    [Fact]
    public void Work_that_is_cancelled_leaves_nothing_behind()
    {
        var before = _repository.Content();

        Assert.Throws<OperationCanceledException>(() => Repository.Above(_repository.Root).Add(new NewModule("Raffles", "team-growth", "Rewards."), new CancellationToken(canceled: true)));

        Assert.Equal(before, _repository.Content());
    }

    [Fact]
    public void When_the_solution_cannot_be_written_the_folder_goes_again()
    {
        var before = _repository.Content();
        var isThere = false;
        var repository = new Repository(_repository.Root, (_, _) =>
        {
            isThere = Directory.Exists(Path.Combine(_repository.Root, "modules/Raffles"));
            throw new IOException("The disk is full.");
        });

        Assert.Throws<IOException>(() => repository.Add(new NewModule("Raffles", "team-growth", "Rewards.")));

        Assert.True(isThere);
        Assert.Equal(before, _repository.Content());
    }

    [Fact]
    public void A_solution_that_is_none_is_not_touched()
    {
        _repository.SolutionText = "This was a solution.\n";
        var before = _repository.Content();

        Assert.Contains("Nothing was created", _repository.Refusal("Raffles"), StringComparison.Ordinal);

        Assert.Equal(before, _repository.Content());
    }

    [Fact]
    public void Elsewhere_the_command_says_where_to_go()
    {
        var folder = Directory.CreateTempSubdirectory("mm-cli-");
        try
        {
            Assert.Contains("Go there first", Assert.Throws<NewModuleException>(() => Repository.Above(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete();
        }
    }
}
