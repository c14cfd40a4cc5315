using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The files and references of one project of a test.</summary>
public class ProjectState
{
    public ProjectState(string name, string language, string defaultPrefix, string defaultExtension)
    {
        Name = name;
        Language = language;
        Sources = new SourceFileList(defaultPrefix, defaultExtension);
    }

    public string Name { get; }

    public string Language { get; }

    public SourceFileList Sources { get; }

    public SourceFileCollection AdditionalFiles { get; } = [];

    /// <summary><c>.editorconfig</c> and <c>.globalconfig</c> files; a path such as <c>/.editorconfig</c> governs every source.</summary>
    public SourceFileCollection AnalyzerConfigFiles { get; } = [];

    public List<MetadataReference> AdditionalReferences { get; } = [];

    /// <summary>Names of other projects of the test that this one references.</summary>
    public List<string> AdditionalProjectReferences { get; } = [];

    public OutputKind? OutputKind { get; set; }

    public ReferenceAssemblies? ReferenceAssemblies { get; set; }

    private protected void InheritFrom(ProjectState other)
    {
        Inherit(Sources, other.Sources);
        Inherit(AdditionalFiles, other.AdditionalFiles);
        Inherit(AnalyzerConfigFiles, other.AnalyzerConfigFiles);
        Inherit(AdditionalReferences, other.AdditionalReferences);
        Inherit(AdditionalProjectReferences, other.AdditionalProjectReferences);
        OutputKind ??= other.OutputKind;
        ReferenceAssemblies ??= other.ReferenceAssemblies;
    }

    internal ProjectState Copy() => CopyTo(new ProjectState(Name, Language, Sources.DefaultPrefix, Sources.DefaultExtension));

    private protected T CopyTo<T>(T copy)
        where T : ProjectState
    {
        copy.InheritFrom(this);
        return copy;
    }

    internal bool SameContent(ProjectState other) =>
        Same(Sources, other.Sources) && Same(AdditionalFiles, other.AdditionalFiles) && Same(AnalyzerConfigFiles, other.AnalyzerConfigFiles);

    internal ProjectState WithInherited(ProjectState other)
    {
        var copy = Copy();
        copy.InheritFrom(other);
        return copy;
    }

    private static bool Same(SourceFileCollection left, SourceFileCollection right) =>
        left.Select(file => (file.filename, file.content.ToString())).SequenceEqual(right.Select(file => (file.filename, file.content.ToString())));

    private static void Inherit<T>(List<T> mine, List<T> other)
    {
        if (mine.Count == 0)
        {
            mine.AddRange(other);
        }
    }
}

/// <summary>Named files.</summary>
public class SourceFileCollection : List<(string filename, SourceText content)>
{
    public void Add((string filename, string content) file) => Add((file.filename, SourceText.From(file.content, Encoding.UTF8)));
}

/// <summary>Source files; a file without a name gets one (<c>/0/Test0.cs</c>).</summary>
public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    internal string DefaultPrefix { get; } = defaultPrefix;

    internal string DefaultExtension { get; } = defaultExtension;

    public void Add(string content) => Add(($"{DefaultPrefix}{Count}.{DefaultExtension}", content));

    public void Add(SourceText content) => Add(($"{DefaultPrefix}{Count}.{DefaultExtension}", content));
}
