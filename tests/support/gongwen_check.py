# ruff: noqa
# fmt: off
"""GB/T 9704-2012 checks for a .docx, python-docx only. usage: gongwen_check.py FILE  -> one line per finding, exit 1 if
any ERROR. Tolerances are stated beside each check. WARN lines are for a person to judge."""
import re,sys,zipfile
import docx
from docx.oxml.ns import qn
from docx.shared import Mm,Pt
W='{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'
def eff(p,run,what):
    """effective eastAsia font / size by run -> paragraph style chain -> Normal -> docDefaults"""
    def from_rpr(r):
        if r is None: return None
        if what=='font':
            f=r.find(qn('w:rFonts')); return f.get(qn('w:eastAsia')) if f is not None else None
        s=r.find(qn('w:sz')); return int(s.get(qn('w:val')))/2 if s is not None else None
    v=from_rpr(run._element.rPr if run is not None else None)
    st=p.style
    while v is None and st is not None: v=from_rpr(st.element.rPr); st=st.base_style
    if v is None:
        d=p.part.document.styles.element.find(qn('w:docDefaults'))
        if d is not None: v=from_rpr(d.find('.//'+qn('w:rPr')))
    return v
def pf(p,name):
    v=getattr(p.paragraph_format,name); st=p.style
    while v is None and st is not None: v=getattr(st.paragraph_format,name); st=st.base_style
    return v
def section_room(d,table):
    """text width in mm of the section that holds the table"""
    passed=0
    for el in d.element.body:
        if el is table._tbl: break
        if el.find('.//'+qn('w:sectPr')) is not None: passed+=1
    s=d.sections[min(passed,len(d.sections)-1)]
    return (s.page_width-s.left_margin-s.right_margin)/36000
def check(path):
    d=docx.Document(path); out=[]
    E=lambda c,m,lvl='ERROR': out.append((lvl,c,m))
    near=lambda a,mm,tol: a is not None and abs(a.mm-mm)<=tol
    for i,s in enumerate(d.sections):
        land=s.page_width>s.page_height
        w,h=(s.page_height,s.page_width) if land else (s.page_width,s.page_height)
        if not(near(w,210,.5) and near(h,297,.5)): E('PAGE-A4',f'节{i} {w.mm:.1f}x{h.mm:.1f}')
        for n,want in (('top_margin',37),('bottom_margin',35),('left_margin',28),('right_margin',26)):
            if not land and not near(getattr(s,n),want,1): E('MARGIN',f'节{i} {n} {getattr(s,n).mm:.1f} 应 {want}±1 mm')
        if not 22<=s.footer_distance.mm<=30: E('FOOTER-DIST',f'节{i} 页脚距 {s.footer_distance.mm:.1f} mm（一字线上距版心下边缘 7 mm，约 25-28）','WARN')
        for part,al,side in ((s.footer,'right','单'),(s.even_page_footer,'left','双')):
            x=''.join(part._element.itertext()); instr=any('PAGE' in (t.text or '') for t in part._element.iter(qn('w:instrText'))) or any('PAGE' in (t.get(qn('w:instr')) or '') for t in part._element.iter(qn('w:fldSimple')))
            if part.is_linked_to_previous and i: continue
            if not instr: E('PAGENO',f'节{i} {side}页页脚无 PAGE 域'); continue
            if x.count('—')<2: E('PAGENO-DASH',f'节{i} {side}页码左右应各一条一字线 U+2014')
            p=next(q for q in part.paragraphs if ''.join(q._element.itertext()).strip())
            a=p.alignment
            if a is None or a.name.lower()!=al: E('PAGENO-SIDE',f'节{i} {side}页码应居{"右" if al=="right" else "左"}空一字')
            for r in p.runs:
                if r.text.strip() and eff(p,r,'size')!=14: E('PAGENO-SIZE',f'{eff(p,r,"size")} 应 14pt(4号)'); break
                if r.text.strip() and (eff(p,r,'font') or '')not in('宋体','SimSun'): E('PAGENO-FONT',str(eff(p,r,'font')),'WARN'); break
    if not d.settings.odd_and_even_pages_header_footer: E('ODD-EVEN','settings 未开启奇偶页不同')
    H=[(r'^[一二三四五六七八九十百]+、','黑体',16,1),(r'^（[一二三四五六七八九十百]+）','楷体',16,2),(r'^\d+[\.．](?!\d)','仿宋',16,3),(r'^（\d+）','仿宋',16,4)]
    body=[p for p in d.paragraphs if p.text.strip()]
    seq={}
    CN={c:i for i,c in enumerate('零一二三四五六七八九十')}
    def cn(s): 
        if s in CN: return CN[s]
        a,_,b=s.partition('十'); return (CN.get(a,1) if a else 1)*10+(CN.get(b,0) if b else 0)
    title=None
    for k,p in enumerate(body):
        r=next((r for r in p.runs if r.text.strip()),None); f,sz=eff(p,r,'font') or '',eff(p,r,'size')
        t=p.text.strip()
        if title is None and sz==22:
            title=p
            if '小标宋' not in f: E('TITLE-FONT',f'{f}（应方正小标宋简体）')
            if getattr(pf(p,'alignment'),'name',None)!='CENTER': E('TITLE-CENTER',t[:20])
            if re.search(r'[。，；！]$',t): E('TITLE-PUNCT',t[-5:])
            continue
        if sz==22: continue
        for pat,font,size,lv in H:
            m=re.match(pat,t)
            if not m: continue
            if lv<=2 and (font not in f): E(f'H{lv}-FONT',f'{f} 应{font} | {t[:16]}')
            if lv<=2 and len(t)<40 and '。' not in t and t[-1] in '；，：': E(f'H{lv}-PUNCT',t[:20],'WARN')
            n=cn(re.sub('[、（）]','',m.group())) if lv<=2 else int(re.sub(r'\D','',m.group()))
            if n!=seq.get(lv,0)+1: E('NUMBERING',f'第{lv}层 {m.group()} 应为 {seq.get(lv,0)+1} | {t[:16]}')
            seq[lv]=n
            for l in range(lv+1,5): seq.pop(l,None)
            break
        else:
            annex=re.match(r'^(附[件表]|单位[：:]|（\d{4}\s*年度）$)',t)
            if sz!=16 and not annex: E('BODY-SIZE',f'{sz} | {t[:16]}')
            if '仿宋' not in f and not annex: E('BODY-FONT',f'{f} | {t[:16]}')
        ls=pf(p,'line_spacing')
        lines=getattr(ls,'pt',None)
        grid=d.sections[0]._sectPr.find(qn('w:docGrid'))
        pitch=int(grid.get(qn('w:linePitch'),0))/20 if grid is not None and grid.get(qn('w:type')) in('lines','linesAndChars','snapToChars') else None
        eff_pitch=lines or pitch
        if eff_pitch is None or not 28<=eff_pitch<=28.99: E('LINE-22',f'行距 {eff_pitch} pt；225mm/22 行 = 28.99pt，29 及以上每面只排 21 行 | {t[:12]}','WARN')
        if re.search(r'20\d\d年0\d月|月0\d日',t): E('DATE-ZERO','月、日不编虚位 | '+t[:30])
        if re.search(r'[二〇○零一二三四五六七八九]{4}年',t) : E('DATE-CN','成文日期用阿拉伯数字 | '+t[:20],'WARN')
        if re.search(r'[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\([^)]*[\u4e00-\u9fff]',t): E('HALF-PUNCT',t[:30],'WARN')
        if re.match(r'^附件[：:]',t) and re.search(r'[。；，]$',t): E('ATT-PUNCT','附件名称后不加标点 | '+t[-10:])
        if re.match(r'^附件\s*\d*$',t):
            if '黑体' not in f: E('ATT-HEAD','“附件”应3号黑体顶格')
            if not(p.paragraph_format.page_break_before or k==0 or any(b.get(qn('w:type'))=='page' for q in (body[k-1],p) for b in q._element.iter(qn('w:br')))): E('ATT-NEWPAGE','附件应另面编排','WARN')
        ind=pf(p,'first_line_indent'); ch=p._element.find('.//'+qn('w:ind'))
        chars=ch.get(qn('w:firstLineChars')) if ch is not None else None
        if f and '仿宋' in f and len(t)>28 and not(chars=='200' or (ind is not None and 30<=ind.pt<=34)): E('INDENT-2','每段左空二字 | '+t[:12],'WARN')
    if title is None: E('TITLE','没有22pt(2号)标题')
    for i,t in enumerate(d.tables):
        tr=t.rows[0]._tr.find(qn('w:trPr'))
        if len(t.rows)>15 and (tr is None or tr.find(qn('w:tblHeader')) is None): E('TBL-HEADER',f'表{i} 跨页应重复标题行','WARN')
        w=sum((g.get(qn('w:w')) and int(g.get(qn('w:w'))) or 0) for g in t._tbl.iter(qn('w:gridCol')))/1440*25.4
        room=section_room(d,t)
        if w>room+1: E('TBL-WIDTH',f'表{i} {w:.0f} mm 超过版心 {room:.0f}')
        for r in t.rows:
            for c in r._tr.findall(qn('w:tc')):
                if c.find(qn('w:p')) is None or c[-1].tag!=qn('w:p'): E('TC-LAST-P',f'表{i} 单元格末尾无段落：Word 判为损坏')
    for rgb in d.element.iter(qn('w:color')):
        if (rgb.get(qn('w:val')) or '').lower() not in('000000','auto'): E('COLOR',rgb.get(qn('w:val'))+' 文字应为黑色','WARN'); break
    txt='\n'.join(p.text for p in d.paragraphs)+'\n'.join(c.text for t in d.tables for r in t.rows for c in r.cells)
    for pat in (r'\{\{|\{%|%\}',r'\bnan\b|\bNaN\b|\bNone\b|\binf\b',r'XX+|××+|（此处|TODO|待填',r'#DIV/0!|#REF!|#VALUE!|#N/A|#NAME\?',r'\d\.\d{5,}'):
        m=re.search(pat,txt)
        if m: E('LEFTOVER',f'{m.group()!r} …{txt[max(0,m.start()-10):m.end()+10]!r}')
    return out
if __name__=='__main__':
    r=check(sys.argv[1])
    for x in r: print(*x,sep='\t')
    sys.exit(any(x[0]=='ERROR' for x in r))
