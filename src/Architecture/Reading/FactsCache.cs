using System.Security.Cryptography;
using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Keeps what was read of a project, so that only what has changed is read again. A copy that cannot be read is made anew.</summary>
internal static class FactsCache
{
    // Raised whenever what is read or how it is written changes.
    private const int Format = 7;

    /// <summary>What a project's sources are known by: paths, lengths and times.</summary>
    public static string Stamp(IEnumerable<FileInfo> files)
    {
        var text = new StringBuilder().Append(Format).Append(typeof(FactsCache).Module.ModuleVersionId);
        foreach (var file in files)
        {
            text.Append('|').Append(file.FullName).Append('|').Append(file.Exists ? file.Length : -1).Append('|').Append(file.Exists ? file.LastWriteTimeUtc.Ticks : 0);
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>What was kept under a stamp, or null.</summary>
    public static (AssemblyFacts? Assembly, IReadOnlyList<SourceFile> Sources)? Read(string file, string stamp)
    {
        try
        {
            var reader = new FactsReader(File.ReadAllBytes(file));
            if (reader.RequiredText() != stamp)
            {
                return null;
            }

            var sources = reader.List(static reader => reader.Source());
            return (reader.Flag() ? reader.Assembly() : null, sources);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Keeps it. Where the folder cannot be written to, it is read again the next time.</summary>
    public static void Write(string file, string stamp, AssemblyFacts? assembly, IReadOnlyList<SourceFile> sources)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using (var output = new BinaryWriter(new BufferedStream(File.Create(unfinished), 1 << 16)))
            {
                var writer = new FactsWriter(output);
                writer.Text(stamp);
                writer.List(sources, writer.Write);
                output.Write(assembly is not null);
                if (assembly is not null)
                {
                    writer.Write(assembly);
                }
            }

            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
        }
    }
}
