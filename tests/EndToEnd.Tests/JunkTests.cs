namespace ModularMonolith.EndToEnd.Tests;

/// <summary>Every operation of the description, sent random junk.</summary>
public sealed class JunkTests(HostFixture host) : IClassFixture<HostFixture>
{
    private const int RoundsPerOperation = 40;

    [Theory]
    [InlineData(20_260_101)]
    [InlineData(20_260_202)]
    public async Task Junk_is_refused_and_never_breaks_the_host(int seed)
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var operations = DescriptionTests.Operations(document).OrderBy(operation => operation.Name, StringComparer.Ordinal).ToList();

        await Parallel.ForEachAsync(operations.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (numbered, _) =>
        {
            var (index, operation) = numbered;
            var junk = new Junk(document, seed + index);
            var (verb, path) = (operation.Name[..operation.Name.IndexOf(' ', StringComparison.Ordinal)], operation.Name[(operation.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            for (var round = 0; round < RoundsPerOperation; round++)
            {
                var body = junk.Body(operation.Operation);
                using var content = body is { } sent ? Api.Bytes(sent.Bytes, sent.MediaType) : null;
                var answer = await host.Api.SendAsync(new HttpMethod(verb), junk.Path(path, operation.Operation), content, [.. junk.Headers()]);

                Assert.True(answer.Code < 500, $"Round {round} of seed {seed}: {answer}");
                // OAuth 2 has refusals of its own form, which its operations describe (RFC 6749, section 5.2).
                var hasOwnForm = operation.Operation["responses"]![answer.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["content"]?["application/json"] is not null;
                if (answer.Code >= 400 && !(hasOwnForm && answer.Json["error"] is not null))
                {
                    answer.ExpectProblem();
                }
            }
        });

        (await host.Api.GetAsync("/health/ready")).Expect(200);
    }
}
