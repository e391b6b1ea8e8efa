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
                var answer = await SendAsync(verb, junk.Path(path, operation.Operation), body, [.. junk.Headers()]);

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

    // A host that has refused a body, and cannot read the rest of it within some seconds, closes the connection after its answer, when the next request may be on its way already. Clients send such a
    // request again (RFC 9112, section 9.3.1), and so does this one, once. Where the host itself broke off an answer, it wrote of a failure.
    private async Task<Answer> SendAsync(string verb, string path, (byte[] Bytes, string MediaType)? body, (string Name, string Value)[] headers)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            using var content = body is { } sent ? Api.Bytes(sent.Bytes, sent.MediaType) : null;
            try
            {
                return await host.Api.SendAsync(new HttpMethod(verb), path, content, headers);
            }
            catch (HttpRequestException exception)
            {
                var failures = host.Running.Process.Output.Lines.Where(static line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)).TakeLast(10).ToList();
                if (isAgain || failures.Count > 0 || exception.InnerException is not HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
                {
                    throw new InvalidOperationException($"{verb} {path} was not answered as a whole: {exception.Message} The last failures that the host wrote:\n{string.Join('\n', failures)}", exception);
                }
            }
        }
    }
}
