using Microsoft.AspNetCore.Http;

namespace Carter.ModelBinding;

/// <summary>Reads and saves the files of a form.</summary>
public static class BindExtensions
{
    /// <summary>Reads the first file of the form.</summary>
    /// <param name="request">The current request.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidOperationException">The request is not a form or has no file.</exception>
    public static async Task<IFormFile> BindFile(this HttpRequest request) =>
        (await request.BindFiles()).FirstOrDefault()
        ?? throw new InvalidOperationException("The request carries no file.");

    /// <summary>Reads the files of the form; a file input that was left empty is not a file.</summary>
    /// <param name="request">The current request.</param>
    /// <returns>The files in the order of the form; none when the request is not a form.</returns>
    public static async Task<IEnumerable<IFormFile>> BindFiles(this HttpRequest request)
    {
        if (!request.HasFormContentType)
            return [];
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        return form.Files.Where(file => file.Length > 0 || !string.IsNullOrEmpty(file.FileName)).ToList();
    }

    /// <summary>Saves the first file of the form.</summary>
    /// <param name="request">The current request.</param>
    /// <param name="saveLocation">The folder, which is created when missing. A file of the same name is replaced.</param>
    /// <param name="fileName">The name to save it under; the client's name for it, without any folder, when empty.</param>
    /// <returns>A task that completes when the file is written.</returns>
    /// <exception cref="InvalidOperationException">The request is not a form or has no file.</exception>
    /// <exception cref="ArgumentException"><paramref name="fileName"/> leads out of the folder.</exception>
    /// <exception cref="BadHttpRequestException">The client's name for the file is not a file name.</exception>
    public static async Task BindAndSaveFile(this HttpRequest request, string saveLocation, string fileName = "")
    {
        var file = await request.BindFile();
        var path = string.IsNullOrWhiteSpace(fileName) ? PathFor(file, saveLocation) : PathFor(fileName, saveLocation);
        await Save(file, path, request.HttpContext.RequestAborted);
    }

    /// <summary>Saves every file of the form under the client's name for it, without any folder.</summary>
    /// <param name="request">The current request.</param>
    /// <param name="saveLocation">The folder, which is created when missing. Files of the same name are replaced.</param>
    /// <returns>A task that completes when the files are written.</returns>
    /// <exception cref="BadHttpRequestException">The client's name for a file is not a file name; nothing is saved then.</exception>
    public static async Task BindAndSaveFiles(this HttpRequest request, string saveLocation)
    {
        var files = (await request.BindFiles()).Select(file => (file, path: PathFor(file, saveLocation))).ToList();
        foreach (var (file, path) in files)
            await Save(file, path, request.HttpContext.RequestAborted);
    }

    // The client chooses this name: a path in it must not choose the folder. Browsers on Windows may send backslashes.
    private static string PathFor(IFormFile file, string folder)
    {
        var name = file.FileName[(file.FileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return name is "" or "." or ".." || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            ? throw new BadHttpRequestException($"The file of the form field '{file.Name}' has no usable name.")
            : Path.Combine(folder, name);
    }

    private static string PathFor(string fileName, string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, fileName));
        return path.StartsWith(root, StringComparison.Ordinal) && path.Length > root.Length
            ? path
            : throw new ArgumentException($"'{fileName}' is not a file name inside the folder to save to.", nameof(fileName));
    }

    private static async Task Save(IFormFile file, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await using var target = File.Create(path);
        await file.CopyToAsync(target, cancellationToken);
    }
}
