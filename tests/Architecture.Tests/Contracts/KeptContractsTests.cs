using System.Text.Json.Nodes;
using ModularMonolith.Architecture.Contracts;
using ModularMonolith.Architecture.Contracts.Shapes;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Tests.Contracts;

/// <summary>The contract files of this repository are what its code promises, and what its code writes.</summary>
public sealed class KeptContractsTests
{
    private static readonly Lazy<CompiledContracts> Compiled = new(static () => CompiledContracts.Of(Graph));

    private static CodeGraph Graph => RepositoryUnderTest.Context.Graph;

    [Fact]
    public void The_contract_files_are_what_the_compiled_code_promises()
    {
        var consumers = new ContractConsumers(Graph);

        var differences = new KeptContracts(Graph.Root, ContractKind.All).Compare(Compiled.Value);

        Assert.True(differences.Count == 0, string.Join('\n', differences.SelectMany(file => file.Value.Select(difference => consumers.Name(file.Key, difference).ToString()).Prepend(file.Key)))
            + "\nDo what the sentences say; or run build/mm contracts save (with --breaking \"why\" to break it), and commit the files with the change.");
    }

    /// <summary>The payloads that are kept were written by the serializers themselves.</summary>
    [Fact]
    public void Each_kept_payload_has_the_shape_that_was_read_from_the_compiled_code()
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var (path, text) in Compiled.Value.Texts.Where(static pair => !pair.Key.EndsWith(ContractKind.Surface.Ending, StringComparison.Ordinal)))
        {
            var module = path.Split('/')[1];
            var file = ShapeText.Read(text);
            foreach (var (name, shape) in file.Events)
            {
                var folder = shape.Version is null ? $"modules/{module}/{module}.Tests/StoredEvents" : $"modules/{module}/{module}.Contracts/Events";
                var version = shape.Version ?? PayloadFile.NumbersOf(RepositoryUnderTest.Root, folder, name).Max();
                wrong.AddRange(Differences(file, shape.Members, JsonNode.Parse(new PayloadFile(folder, name, version).ReadIn(RepositoryUnderTest.Root)!)!, name));
                count++;
            }
        }

        Assert.True(count > 0);
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Differences(ShapeFile file, IReadOnlyDictionary<string, MemberShape> members, JsonNode payload, string path) =>
        members.Keys.Except(payload.AsObject().Select(static pair => pair.Key)).Select(name => $"{path}/{name} is not written")
            .Concat(payload.AsObject().SelectMany(pair => members.TryGetValue(pair.Key, out var member)
                ? Differences(file, member.Type, pair.Value, $"{path}/{pair.Key}")
                : [$"{path}/{pair.Key} is written and was not read from the code"]));

    private static IEnumerable<string> Differences(ShapeFile file, string type, JsonNode? value, string path)
    {
        var bare = type.TrimEnd('?');
        return value is null ? []
            : bare.EndsWith("[]", StringComparison.Ordinal) ? value.AsArray().SelectMany(item => Differences(file, bare[..^2], item, path + "[]"))
            : file.Types.TryGetValue(bare, out var known) ? known.Members is { } members ? Differences(file, members, value, path) : Wrong(known.Values!.Contains((string?)value))
            : bare switch
            {
                "uuid" => Wrong(Guid.TryParse((string?)value, out _)),
                "date-time" => Wrong(DateTimeOffset.TryParse((string?)value, System.Globalization.CultureInfo.InvariantCulture, out _)),
                "string" => Wrong(value.GetValueKind() == System.Text.Json.JsonValueKind.String),
                "boolean" => Wrong(value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False),
                "int32" or "int64" or "decimal" or "double" => Wrong(value.GetValueKind() == System.Text.Json.JsonValueKind.Number),
                "any" => [],
                _ => [$"{path} is of the type {bare}, which this test does not know"],
            };

        IEnumerable<string> Wrong(bool isRight) => isRight ? [] : [$"{path} is written as {value.ToJsonString()}, and not as {bare}"];
    }
}
