using System.Text;
using Carter.ModelBinding;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Carter.Tests;

public sealed class FileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"carter-tests-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_file_is_bound()
    {
        var file = await Bind(request => request.BindFile(), Form(("a.txt", "one"), ("b.txt", "two")));

        Assert.Equal("a.txt", file.FileName);
    }

    [Fact]
    public async Task All_files_are_bound_in_order_but_empty_inputs()
    {
        var files = await Bind(request => request.BindFiles(), Form(("a.txt", "one"), ("", ""), ("b.txt", "")));

        Assert.Equal(["a.txt", "b.txt"], files.Select(file => file.FileName));
    }

    [Fact]
    public async Task A_request_that_is_no_form_has_no_files()
    {
        Assert.Empty(await Bind(request => request.BindFiles(), new StringContent("text")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Bind(request => request.BindFile(), new StringContent("text")));
    }

    [Fact]
    public async Task The_first_file_is_saved_under_its_own_or_a_given_name()
    {
        await Save(request => request.BindAndSaveFile(_folder), Form(("a.txt", "one"), ("b.txt", "two")));
        await Save(request => request.BindAndSaveFile(_folder, "c.txt"), Form(("a.txt", "three")));
        await Save(request => request.BindAndSaveFile(_folder, "deep/d.txt"), Form(("a.txt", "four")));

        Assert.Equal("one", Read("a.txt"));
        Assert.Equal("three", Read("c.txt"));
        Assert.Equal("four", Read("deep/d.txt"));
        Assert.False(File.Exists(Path.Combine(_folder, "b.txt")));
    }

    [Fact]
    public async Task All_files_are_saved_and_replace_what_was_there()
    {
        await Save(request => request.BindAndSaveFiles(_folder), Form(("a.txt", "older and longer")));
        await Save(request => request.BindAndSaveFiles(_folder), Form(("a.txt", "one"), ("b.txt", "two")));

        Assert.Equal("one", Read("a.txt"));
        Assert.Equal("two", Read("b.txt"));
    }

    [Theory]
    [InlineData("../../escape.txt")]
    [InlineData("/tmp/escape.txt")]
    [InlineData(@"C:\Users\me\escape.txt")]
    [InlineData(@"..\escape.txt")]
    public async Task Folders_in_a_client_s_file_name_are_dropped(string name)
    {
        await Save(request => request.BindAndSaveFile(_folder), Form((name, "one")));

        Assert.Equal([Path.Combine(_folder, "escape.txt")], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("folder/")]
    public async Task A_client_s_file_name_without_a_name_is_a_bad_request_and_saves_nothing(string name)
    {
        await Assert.ThrowsAsync<BadHttpRequestException>(
            () => Save(request => request.BindAndSaveFiles(_folder), Form(("a.txt", "one"), (name, "two"))));

        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("../escape.txt")]
    [InlineData("/tmp/escape.txt")]
    [InlineData(".")]
    public async Task A_given_name_that_leads_out_of_the_folder_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => Save(request => request.BindAndSaveFile(_folder, name), Form(("a.txt", "one"))));

    private static async Task<T> Bind<T>(Func<HttpRequest, Task<T>> bind, HttpContent content)
    {
        var result = default(T);
        await Save(async request => result = await bind(request), content);
        return result!;
    }

    private static async Task Save(Func<HttpRequest, Task> save, HttpContent content)
    {
        Exception? failure = null;
        await TestApplication.Answer(async context => failure = await Record.ExceptionAsync(() => save(context.Request)),
            new HttpRequestMessage(HttpMethod.Post, "/") { Content = content });
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    private static ByteArrayContent Form(params (string Name, string Text)[] files)
    {
        const string boundary = "part";
        var body = new StringBuilder();
        foreach (var (name, text) in files)
            body.Append($"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name.Replace(@"\", @"\\", StringComparison.Ordinal)}\"\r\nContent-Type: text/plain\r\n\r\n{text}\r\n");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{body}--{boundary}--\r\n"));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        return content;
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder, name));
}
